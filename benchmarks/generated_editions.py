"""Editions made up for benchmarks: two in three of Vietnamese-looking syllables (6,000 of them), the others of made-up
Latin words (120,000), or of words that the caller has; frequent ones come far more often than rare ones.

Nothing here is a real record. Lengths follow real catalogues: titles of some ten words, one to three authors out of
many, one to four subjects, a description of half a kilobyte.
"""

import itertools
import random
import unicodedata
from collections.abc import Iterator, Sequence

from lienthu.engine.document import FacetTerm, IndexDocument

ONSETS = (
    "",
    *[
        "b",
        "c",
        "ch",
        "d",
        "đ",
        "g",
        "gh",
        "gi",
        "h",
        "k",
        "kh",
        "l",
        "m",
        "n",
        "ng",
        "nh",
        "ph",
        "qu",
        "r",
        "s",
        "t",
        "th",
        "tr",
        "v",
        "x",
    ],
)
RIMES = [
    "a",
    "ai",
    "an",
    "ang",
    "anh",
    "ao",
    "au",
    "ay",
    "ă",
    "âm",
    "ân",
    "âu",
    "e",
    "em",
    "ên",
    "iên",
    "iêu",
    "in",
    "inh",
    "o",
    "oa",
    "oan",
    "oi",
    "on",
    "ong",
    "ô",
    "ôi",
    "ông",
    "ơ",
    "u",
    "ua",
    "ui",
    "ung",
    "ư",
    "ương",
]
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
PARTNERS = tuple(f"partner-{number}" for number in range(15))
TYPES = ("book", "serial", "thesis", "map", "video", "article")
LANGUAGES = ("vi", "vi", "vi", "vi", "en", "fr", "zh", "hmn")


def fold_word(word: str) -> str:
    parted = unicodedata.normalize("NFD", word.replace("đ", "d"))
    return "".join(character for character in parted if not unicodedata.combining(character))


def make_vocabulary(chance: random.Random) -> list[tuple[str, str]]:
    """*(exact, folded)* of some 6,000 syllables."""
    words = [
        unicodedata.normalize("NFC", onset + rime[0] + tone + rime[1:])
        for onset, rime, tone in itertools.product(ONSETS, RIMES, TONES)
    ]
    chance.shuffle(words)
    return [(word, fold_word(word)) for word in words]


def make_latin_words(chance: random.Random) -> list[tuple[str, str]]:
    pieces = [consonant + vowel for consonant in "bcdfghjklmnprstvw" for vowel in "aeiou"]
    words = {"".join(chance.choices(pieces, k=chance.randint(1, 4))) for _ in range(150_000)}
    ordered = sorted(words)
    chance.shuffle(ordered)
    return [(word, word) for word in ordered[:120_000]]


class Language:
    """Words of which the first come most often, and the headings made of them."""

    def __init__(self, words: list[tuple[str, str]], chance: random.Random) -> None:
        self.chance = chance
        self.words = words
        self._weights = list(itertools.accumulate(1 / (rank + 8) for rank in range(len(words))))
        self.authors = [self.pick_words(3) for _ in range(25_000)]
        self.subjects = [self.pick_words(2) for _ in range(2_500)]
        self.publishers = [self.pick_words(2) for _ in range(1_500)]

    def pick_words(self, count: int) -> tuple[str, str]:
        chosen = self.chance.choices(self.words, cum_weights=self._weights, k=count)
        return " ".join(exact for exact, _ in chosen), " ".join(folded for _, folded in chosen)


class EditionMaker:
    """The same seed gives the same editions. *vocabularies* are lists of *(exact, folded)* words, the most frequent
    first; each edition takes one of them, all equally often."""

    def __init__(self, seed: int = 7, vocabularies: Sequence[list[tuple[str, str]]] = ()) -> None:
        self.chance = random.Random(seed)
        if vocabularies:
            self._languages = tuple(Language(words, self.chance) for words in vocabularies)
        else:
            vietnamese = Language(make_vocabulary(self.chance), self.chance)
            self._languages = (vietnamese, vietnamese, Language(make_latin_words(self.chance), self.chance))

    def make(self, number: int) -> Iterator[IndexDocument]:
        for place in range(number):
            yield self._make_one(place)

    def _make_one(self, place: int) -> IndexDocument:
        chance = self.chance
        words = chance.choice(self._languages)
        title = words.pick_words(chance.randint(4, 14))
        authors = [
            words.authors[int(len(words.authors) * chance.random() ** 2)] for _ in range(chance.choice((1, 1, 1, 2, 3)))
        ]
        subjects = [
            words.subjects[int(len(words.subjects) * chance.random() ** 2)] for _ in range(chance.randint(1, 4))
        ]
        publisher = words.publishers[int(len(words.publishers) * chance.random() ** 3)]
        year = chance.randint(1930, 2025) if chance.random() > 0.1 else None
        return IndexDocument(
            id=f"lt{place:06d}",
            texts={
                "title": title,
                "author": _join(authors),
                "subject": _join(subjects),
                "publisher": publisher,
                "notes": words.pick_words(chance.choice((0, 0, 10, 20))),
            },
            identifiers=(f"978604{place:07d}",),
            facets={
                "partner": tuple(_term(name) for name in sorted(set(chance.choices(PARTNERS, k=chance.randint(1, 3))))),
                "language": (_term(chance.choice(LANGUAGES)),),
                "type": (_term(TYPES[int(len(TYPES) * chance.random() ** 3)]),),
                "author": tuple(_term(exact) for exact in dict.fromkeys(exact for exact, _ in authors)),
                "subject": tuple(_term(exact) for exact in dict.fromkeys(exact for exact, _ in subjects)),
                "publisher": (_term(publisher[0]),),
                "access": (_term("shelf"),),
            },
            year=year,
            year_end=year,
            title_key=title[1],
            source=(title[0] * 12).encode()[:500],
        )


def _term(text: str) -> FacetTerm:
    return FacetTerm(text, text)


def _join(values: list[tuple[str, str]]) -> tuple[str, str]:
    gap = " | | | | "
    return gap.join(exact for exact, _ in values), gap.join(folded for _, folded in values)
