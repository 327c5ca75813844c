"""Scripts that are written without spaces: each of their characters is a token, and a run of them a phrase."""

from bisect import bisect_right

_RANGES = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x1950, 0x19FF),  # Tai Le, New Tai Lue
    (0x1A20, 0x1AAF),  # Tai Tham
    (0x2E80, 0x2FDF),  # Han radicals
    (0x3005, 0x3007),
    (0x3021, 0x3029),
    (0x3041, 0x3096),  # hiragana
    (0x309D, 0x309F),
    (0x30A1, 0x30FA),  # katakana
    (0x30FC, 0x30FF),
    (0x3105, 0x312F),  # bopomofo
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0x9FFF),
    (0xAA60, 0xAA7F),
    (0xAA80, 0xAADF),  # Tai Viet
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),  # Han, among them most of Nôm
)
_STARTS = tuple(first for first, _ in _RANGES)
_HAN_STARTS = frozenset((0x2E80, 0x3005, 0x3021, 0x3400, 0x4E00, 0xF900, 0x20000))


def is_spaceless(character: str) -> bool:
    """Whether the character belongs to a script that writes no spaces between words."""
    return _find_range(ord(character)) >= 0


def is_han(character: str) -> bool:
    """Whether it is a Chinese character (Nôm among them)."""
    index = _find_range(ord(character))
    return index >= 0 and _STARTS[index] in _HAN_STARTS


def _find_range(code: int) -> int:
    if code < 0x0E00:
        return -1
    index = bisect_right(_STARTS, code) - 1
    return index if code <= _RANGES[index][1] else -1
