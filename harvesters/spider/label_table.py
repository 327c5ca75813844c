"""Reads the tables of an OpenBiblio page: rows of a label and its value, and the table of copies with its headings.

A row counts where its label is one that lists of books use (see ``lienthu.columns``) or ends with a colon, and where
nothing is to be filled in. Of copies only the columns that are understood are kept: no word about a borrower.
"""

from collections.abc import Iterator, Mapping

from parsel import Selector

from harvesters.spider.fields import MOST_COPIES, read_text
from lienthu.columns import NAMES, guess_field

_LONGEST_LABEL = 60
_COPY_MARKS = frozenset(("accession", "status"))


class LabelTable:
    """The fields and copies of one page. ``columns`` are the feed's own names for labels: field -> label."""

    def __init__(self, page: Selector, columns: Mapping[str, str]) -> None:
        self._stated = {_compare(label): field for field, label in columns.items()}
        self.fields: dict[str, list[str]] = {}
        self.copies: list[dict[str, str]] = []
        for table in page.xpath("//table[not(.//table)]"):
            rows = table.xpath("./tr|./tbody/tr|./thead/tr")
            headings = self._find_headings(rows)
            if headings:
                self._read_copies(rows, headings)
            else:
                self._read_labels(rows)

    @property
    def describes_record(self) -> bool:
        return any(values and self.name_field(label) == "title" for label, values in self.fields.items())

    def name_field(self, label: str) -> str:
        """The field that a label means, empty where nobody knows."""
        field = self._stated.get(_compare(label)) or guess_field(label)
        return field if field in NAMES else ""

    def _read_labels(self, rows: list[Selector]) -> None:
        for row in rows:
            cells = row.xpath("./td|./th")
            if len(cells) != 2 or row.xpath(".//input|.//select|.//textarea"):
                continue
            written, value = read_text(cells[0]), read_text(cells[1])
            label = written.rstrip(" :：")
            is_label = bool(label) and len(label) <= _LONGEST_LABEL
            if is_label and value and (self.name_field(label) or written != label):
                self.fields.setdefault(label, []).append(value)

    def _find_headings(self, rows: list[Selector]) -> tuple[int, list[str]] | None:
        """The place of the row of headings and its words, where one of them is an accession number or a status."""
        for place, row in enumerate(rows[:3]):
            words = [read_text(cell) for cell in row.xpath("./th|./td")]
            known = {self.name_field(word) for word in words if len(word) <= _LONGEST_LABEL}
            if len(words) >= 2 and known & _COPY_MARKS and len(known - {""}) + (len(words) > 2) >= 2:
                return place, words
        return None

    def _read_copies(self, rows: list[Selector], headings: tuple[int, list[str]]) -> None:
        place, words = headings
        for row in rows[place + 1 : place + 1 + MOST_COPIES]:
            cells = [read_text(cell) for cell in row.xpath("./td|./th")]
            if len(cells) == len(words):
                copy = dict(self._name_cells(words, cells))
                if copy:
                    self.copies.append(copy)

    def _name_cells(self, words: list[str], cells: list[str]) -> Iterator[tuple[str, str]]:
        named: set[str] = set()
        for word, text in zip(words, cells, strict=True):
            field = self.name_field(word)
            if field and field not in named and text:
                named.add(field)
                yield word.rstrip(" :："), text


def _compare(label: str) -> str:
    return " ".join(label.casefold().strip(" :：").split())
