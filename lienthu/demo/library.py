"""The demo library as it lies in ``library/*.toml``, and the numbers that a correct harvest of it must give.

Records per partner: the provincial library has one per copy, the two others one per title. The order of files and books
decides control numbers and datestamps, so every start gives the same library.
"""

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

import msgspec

from lienthu.demo.book import Book
from lienthu.demo.cataloguing import Copy

DemoPartner = Literal["laocai", "daihoc", "truong"]
PARTNERS: tuple[DemoPartner, ...] = ("laocai", "daihoc", "truong")
SETS = {
    "dia_chi": "Tài liệu địa chí",
    "thieu_nhi": "Sách thiếu nhi",
    "sach_giao_khoa": "Sách giáo khoa",
    "ngoai_van": "Sách ngoại văn",
}
FILES = (
    "peoples", "local", "children", "literature", "textbooks", "law", "farming", "learning", "foreign", "troubles",
)  # fmt: skip
_FIRST_DATE = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
_BETWEEN_RECORDS = timedelta(hours=7)


class Withdrawn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A record that the provincial library has deleted; OAI-PMH goes on telling so."""

    id: str
    datestamp: str
    sets: tuple[str, ...] = ()


class ExpectedCounts(NamedTuple):
    """What one partner shares: ``titles`` descriptions with ``copies`` copies in ``records`` live records. Of these the
    index must skip ``withheld`` ones (not for the public) and refuse ``untitled`` ones; all others are mapped."""

    titles: int
    copies: int
    records: int
    deleted: int
    withheld: int
    untitled: int

    @property
    def mapped(self) -> int:
        return self.records - self.withheld - self.untitled


class Deposit(NamedTuple):
    """A book at one partner, in that partner's spelling, with its copies there."""

    book: Book
    copies: tuple[Copy, ...]


@cache
def load_books() -> tuple[Book, ...]:
    """Every description, in the order of files and lines. Raises ValueError where a key is used twice."""
    books = tuple(book for name in FILES for book in _read_file(name))
    keys = [book.key for book in books]
    if repeated := {key for key in keys if keys.count(key) > 1}:
        raise ValueError(f"used twice as a key: {sorted(repeated)}")
    return books


def _read_file(name: str) -> Iterator[Book]:
    table = tomllib.loads((files("lienthu.demo") / "library" / f"{name}.toml").read_text(encoding="utf-8"))
    defaults = table.get("defaults", {})
    for entry in table["book"]:
        yield msgspec.convert(defaults | entry, Book)


@cache
def load_withdrawn() -> tuple[Withdrawn, ...]:
    table = tomllib.loads((files("lienthu.demo") / "library" / "withdrawn.toml").read_text(encoding="utf-8"))
    return msgspec.convert(table["record"], tuple[Withdrawn, ...])


@cache
def list_deposits(partner_id: DemoPartner) -> tuple[Deposit, ...]:
    """The books of one partner with their copies."""
    return tuple(_deposit_books(partner_id))


def _deposit_books(partner_id: DemoPartner) -> Iterator[Deposit]:
    prefix = {"laocai": "LC", "daihoc": "DH", "truong": "TM"}[partner_id]
    copies_so_far = 0
    for book in load_books():
        count = book.at.get(partner_id, 0)
        if not count:
            continue
        copies = []
        for place in range(count):
            copies_so_far += 1
            number = f"{prefix}{copies_so_far:06d}"
            control_number = book.id if book.id and not place and partner_id == "laocai" else f"{prefix}M{number[2:]}"
            copies.append(Copy(control_number, number, on_loan=place < book.lent))
        yield Deposit(book.spell_at(partner_id), tuple(copies))


def find_book(key: str) -> Book:
    """Raises KeyError for an unknown key."""
    return next((book for book in load_books() if book.key == key), None) or _refuse(key)


def _refuse(key: str) -> Book:
    raise KeyError(key)


def build_datestamp(position: int) -> str:
    """The datestamp of the n-th record: one every seven hours from 5 January 2026."""
    return (_FIRST_DATE + position * _BETWEEN_RECORDS).strftime("%Y-%m-%dT%H:%M:%SZ")


def count_expected(partner_id: DemoPartner) -> ExpectedCounts:
    """What a complete harvest of this partner must count."""
    deposits = list_deposits(partner_id)
    copies = sum(len(deposit.copies) for deposit in deposits)
    provincial = partner_id == "laocai"
    return ExpectedCounts(
        titles=len(deposits),
        copies=copies,
        records=copies if provincial else len(deposits),
        deleted=len(load_withdrawn()) if provincial else 0,
        withheld=sum(len(copies) for book, copies in deposits if provincial and book.restricted),
        untitled=sum(len(copies) for book, copies in deposits if provincial and "245" in book.marc),
    )
