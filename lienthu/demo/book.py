"""Book: one hand-written description, and at which demo partners it is held in how many copies.

Keys are terse because some two hundred books are written with them; everything stands as a cataloguer would write it.
``marc`` holds fields written out (``260 ## $aH.:$b,$c19?``); they stand in place of every composed field of the same
tag at the two MARC partners, and a bare tag (``245``) leaves that field out. ``spelt`` changes keys at one partner:
``{truong = {pub = "Nxb. Kim Đồng"}}``.
"""

from typing import Literal

import msgspec

Marks = Literal["nfc", "nfd", "loc"]
PartnerCopies = dict[str, int]


class Book(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One description. ``key`` is unique in the library; ``r`` is the number of a real record with known troubles."""

    key: str
    title: str
    at: PartnerCopies
    """Partner to number of copies."""
    sub: str = ""
    """Other title information (245$b)."""
    vol: str = ""
    """Volume designation as written (245$n)."""
    part: str = ""
    """Title of the part (245$p)."""
    by: str = ""
    """Statement of responsibility as written (245$c)."""
    author: str = ""
    """Main entry (100$a)."""
    body: str = ""
    """Corporate main entry (110$a)."""
    more: tuple[str, ...] = ()
    """Added entries (700$a)."""
    place: str = "H."
    pub: str = ""
    year: str = ""
    ed: str = ""
    size: str = ""
    """Pages and height (300): ``1252tr.; 20.5cm``."""
    lang: str = "vie"
    ddc: str = ""
    cutter: str = ""
    about: tuple[str, ...] = ()
    """Headings (650)."""
    words: tuple[str, ...] = ()
    """Keyword strings (653)."""
    isbn: str = ""
    price: str = ""
    note: str = ""
    abstract: str = ""
    series: str = ""
    link: str = ""
    """An online address of the document (856)."""
    kind: str = "SH"
    """Document type: SH book, LA thesis, TT serial, BD map, HN Hán-Nôm, TL digital."""
    sets: tuple[str, ...] = ()
    """OAI sets at the provincial library."""
    id: str = ""
    """Control number of the first copy at the provincial library; others are counted."""
    r: str = ""
    marks: Marks = "nfc"
    """Diacritics in the provincial library's record: composed, decomposed, or decomposed with the tone first."""
    lent: int = 0
    """How many of the copies are on loan, the first ones."""
    restricted: bool = False
    marc: tuple[str, ...] = ()
    spelt: dict[str, dict[str, str | tuple[str, ...]]] = {}

    def spell_at(self, partner_id: str) -> "Book":
        """The description with the changes that this partner makes."""
        changes = self.spelt.get(partner_id)
        return msgspec.convert(msgspec.to_builtins(self) | changes, Book) if changes else self
