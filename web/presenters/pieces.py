"""Pieces of a text, some of them marked as matched: what a template writes between ``<mark>`` and ``</mark>``."""

from collections.abc import Iterable, Sequence

import msgspec


class Piece(msgspec.Struct, frozen=True):
    text: str
    marked: bool = False


def cut_pieces(text: str, places: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    """The text cut at the matched places. Places that overlap or touch become one; what lies outside is left out.
    Two marked words with one space between them are marked as one, which is calmer to read."""
    if not places:
        return (Piece(text),) if text else ()
    pieces: list[Piece] = []
    reached = 0
    for start, end in _join_places(text, places):
        if start > reached:
            pieces.append(Piece(text[reached:start]))
        pieces.append(Piece(text[start:end], marked=True))
        reached = end
    if reached < len(text):
        pieces.append(Piece(text[reached:]))
    return tuple(pieces)


def _join_places(text: str, places: Iterable[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(places):
        start, end = max(start, 0), min(end, len(text))
        if start >= end:
            continue
        if joined and (start <= joined[-1][1] or text[joined[-1][1] : start] == " "):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
