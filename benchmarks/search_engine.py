"""Search in process: 20 editions and three exact facets (author, subject, language) of 100,000 editions.

Run: ``python benchmarks/search_engine.py [EDITIONS]``. Editions and queries are made up (``generated_editions.py``):
100 one-word, 100 three-word and 100 phrase queries, their words taken from titles, so that common words are common;
half of them typed with marks. Each query is asked once per pass (nothing is answered from a cache of the first time:
the engine is opened anew for each pass). Times are the searching thread's own seconds of processor, so that other work
on the machine counts less; a search runs in one thread.
"""

import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.generated_editions import EditionMaker
from lienthu.engine.document import IndexDocument
from lienthu.engine.tantivy import TantivyEngine
from lienthu.query.tree import Phrase, Query, Word, Words
from lienthu.search import SearchRequest

PASSES = 3
FACETS = ("author", "subject", "language")


def make_queries(documents: list[IndexDocument]) -> dict[str, list[Query]]:
    chance = random.Random(7)
    queries: dict[str, list[Query]] = {"one word": [], "three words": [], "phrase": []}
    for place, document in enumerate(chance.sample(documents, 300)):
        exact, folded = (layer.split() for layer in document.texts["title"])
        words = [Word(one, other) for one, other in zip(exact, folded, strict=True)]
        marked = place % 2 == 0
        if not marked:
            words = [Word(word.folded, word.folded) for word in words]
        kind = ("one word", "three words", "phrase")[place % 3]
        begin = chance.randrange(len(words) - 2)
        if kind == "one word":
            queries[kind].append(Words((words[begin],), marked=marked))
        elif kind == "three words":
            queries[kind].append(Words(tuple(words[begin : begin + 3]), marked=marked))
        else:
            queries[kind].append(Phrase(tuple(words[begin : begin + 3]), marked=marked))
    return queries


def time_queries(engine: TantivyEngine, queries: list[Query], facets: tuple[str, ...]) -> list[float]:
    times = []
    for query in queries:
        began = time.thread_time()
        engine.search(SearchRequest(query=query, facets=facets))
        times.append((time.thread_time() - began) * 1000)
    return times


def tell(name: str, passes: list[list[float]]) -> None:
    best = min(passes, key=statistics.fmean)
    ordered = sorted(best)
    median, late = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
    print(f"{name:<28} p50 {median:6.2f} ms   p95 {late:6.2f} ms   mean {statistics.fmean(best):6.2f} ms")


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    documents = list(EditionMaker().make(number))
    queries = make_queries(documents)
    queries["all 300"] = [query for group in queries.values() for query in group]
    with tempfile.TemporaryDirectory() as folder:
        engine = TantivyEngine(Path(folder))
        generation = engine.create_generation()
        with engine.open_writer(generation) as writer:
            writer.upsert(documents)
            writer.commit()
        engine.promote(generation)
        del documents
        print(f"{number:,} editions made up by generated_editions.py; best of {PASSES} passes; no answer is cached")
        for facets in ((), FACETS):
            for name, group in queries.items():
                passes = []
                for _ in range(PASSES):
                    engine = TantivyEngine(Path(folder))
                    engine.count()
                    passes.append(time_queries(engine, group, facets))
                tell(f"{name}, {len(facets)} facets", passes)


if __name__ == "__main__":
    main()
