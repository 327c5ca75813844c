"""The index stage: editions through the engine's writer, beside a bare tantivy loop over the same editions.

Run: ``python benchmarks/index_build.py [EDITIONS]``. The editions are made up (``generated_editions.py``). The bare
loop has the same text fields and stored source, and its facets as plain text; it checks nothing, sorts nothing and
replaces nothing. Rounds are taken in turn and the best of each counts.
"""

import sys
import tempfile
import time
from pathlib import Path

import tantivy

from benchmarks.generated_editions import EditionMaker
from lienthu.engine.document import IndexDocument
from lienthu.engine.fields import TEXT_FIELDS
from lienthu.engine.tantivy import TantivyEngine
from lienthu.engine.tantivy_writer import DEFAULT_HEAP
from lienthu.search import FACETS

ROUNDS = 3


def build_bare(documents: list[IndexDocument], folder: Path) -> float:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("source", stored=True)
    for field in TEXT_FIELDS:
        builder.add_text_field(f"{field.name}_e", tokenizer_name="whitespace")
        builder.add_text_field(f"{field.name}_f", tokenizer_name="whitespace")
    for name in ("identifiers", *(f"facet_{facet}" for facet in FACETS)):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_text_field("title_key", tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_integer_field("year", indexed=True, fast=True)
    index = tantivy.Index(builder.build(), path=str(folder))
    began = time.perf_counter()
    writer = index.writer(DEFAULT_HEAP, 1)
    for document in documents:
        fields: dict[str, object] = {"id": document.id, "source": document.source}
        for name, (exact, folded) in document.texts.items():
            fields[f"{name}_e"], fields[f"{name}_f"] = exact, folded
        for name, terms in document.facets.items():
            fields[f"facet_{name}"] = [term.value for term in terms]
        fields["identifiers"] = list(document.identifiers)
        fields["title_key"] = document.title_key
        if document.year is not None:
            fields["year"] = document.year
        writer.add_document(tantivy.Document.from_dict(fields))
    writer.commit()
    writer.wait_merging_threads()
    return time.perf_counter() - began


def build_ours(documents: list[IndexDocument], folder: Path) -> float:
    engine = TantivyEngine(folder)
    generation = engine.create_generation()
    began = time.perf_counter()
    with engine.open_writer(generation) as writer:
        writer.upsert(documents)
        writer.commit()
    return time.perf_counter() - began


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    documents = list(EditionMaker().make(number))
    bare, ours = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            bare.append(build_bare(documents, Path(folder)))
        with tempfile.TemporaryDirectory() as folder:
            ours.append(build_ours(documents, Path(folder)))
    print(f"{number:,} editions made up by generated_editions.py; best of {ROUNDS} rounds in turn")
    print(f"bare tantivy loop: {number / min(bare):>8,.0f} editions/s")
    print(f"lienthu's writer:  {number / min(ours):>8,.0f} editions/s, {min(bare) / min(ours):.2f} of the bare loop")


if __name__ == "__main__":
    main()
