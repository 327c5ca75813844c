"""Text whose UTF-8 was taken for Windows-1252 and written as UTF-8 once more: ``Thá»§ tá»¥c`` is ``Thủ tục``.

Rule: a word is doubled if its characters, turned back into the bytes they came from, are valid UTF-8 with something
beyond ASCII in it. Bytes that Windows-1252 leaves free came through as C1 controls. A word of which a byte was lost
cannot be turned back and stays as it is.
"""

import re

_CONTINUED = "\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2122"
_SUSPECT = re.compile(f"[\u00c2-\u00f4][{_CONTINUED}]")


def is_doubled(text: str) -> bool:
    """Whether something in the text looks as if it had been encoded twice."""
    return _SUSPECT.search(text) is not None


def mend_doubled(text: str) -> tuple[str, bool]:
    """(the text with its doubled words turned back, whether any word that looks doubled could not be)."""
    if not is_doubled(text):
        return text, False
    words = []
    left = False
    for word in text.split(" "):  # not at a no-break space: it may be the second half of a letter
        mended = _mend_word(word)
        left = left or (mended is None and is_doubled(word))
        words.append(word if mended is None else mended)
    return " ".join(words), left


def _mend_word(word: str) -> str | None:
    try:
        written = b"".join([_find_byte(character) for character in word])
        mended = written.decode("utf-8")
    except UnicodeError:
        return None
    return mended


def _find_byte(character: str) -> bytes:
    if ord(character) < 0x100:
        return bytes([ord(character)])
    return character.encode("cp1252")
