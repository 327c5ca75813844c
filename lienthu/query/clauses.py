"""Clauses: a reader's text cut at its operators. Whatever is no operator is words.

Operators: ``"a phrase"``; ``-word`` right after a space or at the start; ``OR`` or ``HOẶC`` in capitals between words;
and ``author: ...``, ``tác giả: ...`` and the like, which hold until the next field or ``OR``. *Tày-Nùng* and
*Tày - Nùng* exclude nothing.
"""

import re
from collections.abc import Iterator

import msgspec

from lienthu.query.tree import Scope
from lienthu.text import analyse, fold
from lienthu.text.normal_form import order_marks

FieldScope = Scope | str

FIELDS: dict[str, Scope | str] = {
    fold(name): scope
    for scope, names in (
        ("author", ("tacgia", "tác giả", "author", "著者", "作者")),
        ("title", ("nhande", "nhan đề", "tieude", "tiêu đề", "title", "题名", "书名")),
        ("subject", ("chude", "chủ đề", "subject", "主题")),
        ("publisher", ("nxb", "nhaxuatban", "nhà xuất bản", "publisher", "出版社", "出版者")),
        ("isbn", ("isbn",)),
    )
    for name in names
}
"""Names of fields as a reader may write them, folded."""

_LONGEST_NAME = 3
_EVENT = re.compile(
    r"""(?P<quoted>"[^"]*"|[“”„][^“”"]*[“”"]|«[^»]*»|「[^」]*」|『[^』]*』|《[^》]*》)
    |(?P<minus>(?<!\S)-(?=[\w"“«]))
    |(?P<either>(?<!\S)(?:OR|HOẶC)(?!\S))
    |(?P<colon>[:：])""",
    re.VERBOSE,
)
_EXCLUDED = re.compile(r'"[^"]*"|[“][^“”"]*[”"]|«[^»]*»|[^\s"“”«»]+')


class Clause(msgspec.Struct, frozen=True):
    """Text between two operators. ``side`` counts the ORs before it; ``scope`` is ``isbn`` for that field."""

    text: str
    scope: FieldScope = "any"
    quoted: bool = False
    excluded: bool = False
    side: int = 0


def read_clauses(text: str) -> Iterator[Clause]:
    """The clauses of any text, in order; those without words are left out."""
    text = order_marks(text)
    scope: FieldScope = "any"
    side = place = start = 0
    spoken = False
    while match := _EVENT.search(text, place):
        before, place = text[start : match.start()], match.end()
        if match["colon"]:
            named = _find_field_name(before)
            if named is None:
                continue
            before, found = named
        elif match["either"] and not ((spoken or fold(before)) and fold(text[place:])):
            continue
        if fold(before):
            yield Clause(before, scope, side=side)
            spoken = True
        if match["colon"]:
            scope = found
        elif match["either"]:
            side, scope, spoken = side + 1, "any", False
        elif match["minus"]:
            place = (_EXCLUDED.match(text, place) or match).end()
            yield from _read_excluded(text[match.end() : place], scope, side)
        elif fold(match["quoted"]):
            yield Clause(match["quoted"][1:-1], scope, quoted=True, side=side)
            spoken = True
        start = place
    if fold(text[start:]):
        yield Clause(text[start:], scope, side=side)


def _find_field_name(before: str) -> tuple[str, FieldScope] | None:
    """The text less a field's name at its end, and that field; None where it ends with none."""
    tokens = analyse(before[-64:])
    if not tokens or before[-64:][tokens[-1].end :].strip():
        return None
    for count in range(min(_LONGEST_NAME, len(tokens)), 0, -1):
        field = FIELDS.get(" ".join(token.folded for token in tokens[-count:]))
        if field is not None:
            cut = max(0, len(before) - 64) + tokens[-count].start
            return before[:cut], field
    return None


def _read_excluded(text: str, scope: FieldScope, side: int) -> Iterator[Clause]:
    quoted = text[:1] in {'"', "“", "«"}
    name, colon, rest = text.partition(":")
    if colon and not quoted and fold(name) in FIELDS and fold(rest):
        text, scope = rest, FIELDS[fold(name)]
    if fold(text):
        yield Clause(text.strip('"“”«»'), scope, quoted=quoted, excluded=True, side=side)
