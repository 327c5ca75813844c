"""The words of real records, the most frequent first, for editions that are made up in any number.

Vietnamese words are those of the demo library's books, others those of the shared folder's real MARC records. A record
made of them is none that any library has, but common words are as common, and rare ones as many, as in a catalogue.
"""

from collections import Counter
from collections.abc import Iterable

from benchmarks.real_records import read_distinct
from lienthu.demo.library import load_books
from lienthu.text import analyse

TAGS = ("100", "110", "245", "490", "500", "505", "520", "600", "610", "650", "651", "700")
Vocabulary = list[tuple[str, str]]
"""*(exact, folded)* words."""


def read_vocabularies() -> tuple[Vocabulary, Vocabulary]:
    """Of the demo's books, and of real records."""
    books = (
        text for book in load_books() for text in (book.title, book.sub, book.by, *book.more, *book.about, book.pub)
    )
    records = (field.format_field() for record in read_distinct() for tag in TAGS for field in record.get_fields(tag))
    return count_words(books), count_words(records)


def count_words(texts: Iterable[str]) -> Vocabulary:
    counted = Counter((token.exact, token.folded) for text in texts for token in analyse(text))
    return [word for word, _ in counted.most_common()]
