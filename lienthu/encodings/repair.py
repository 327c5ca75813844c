"""Repair of damaged text: which encoding it was in, decided by how Vietnamese its syllables become.

Rule: what is right is never touched. A text that was doubled is turned back; marks in the wrong order are put in order
where that makes a syllable; an old Vietnamese set is accepted if by it the words become syllables that they were not
before (:mod:`lienthu.encodings.evidence`), Chinese if the bytes come out as everyday Han; then letters that were lost
are put back. The strings of a record are judged together: what all of them say also decides the short ones among them.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from unicodedata import normalize

import msgspec

from lienthu.encodings.chinese import mend_chinese
from lienthu.encodings.doubled import MAY_BE_DOUBLED, mend_doubled
from lienthu.encodings.evidence import gather_evidence, is_plain, read_chunk, split_chunks
from lienthu.encodings.legacy import DECODERS
from lienthu.encodings.lost_letters import mend_lost
from lienthu.encodings.vietnamese import is_strict_syllable
from lienthu.encodings.viqr import MAY_BE_VIQR, mend_viqr
from lienthu.text.normal_form import order_marks

MAX_JUDGED = 20_000
"""Characters of a text that are looked at; a longer one is repaired as its beginning says."""
_MARKS = re.compile("[\u0300-\u0303\u0306\u0309\u031b\u0323]")
_BEYOND_OLD_SETS = re.compile("[\u0180-\u0191\u0193-\u02c5\u0400-\u1fff\u2c00-\uffff]")
_SPOILT_VAN = re.compile(
    r"\b[Vv]ãn (?:hóa|hoá|học|nghệ|minh|phòng|chương)\b|\b(?:Lê|Ngô|Phan|Hoàng|Bùi|Hà|Cao) Vãn [A-ZÀ-Ý]"
)
"""*Văn* in Windows-1258: *vãn* is a word, but never there."""
_LETTERS_1258 = re.compile("[ĂăĐđƠơƯư\u0300\u0301\u0303\u0309\u0323]")
_SIGNS_IN_WORDS = re.compile("[A-Za-z][\x80-\x9f¡-©¬-¹»-¿×÷][A-Za-z]")
_SEPARATORS = re.compile("[\x1d\x1e]|\x1f.")
_LONE = frozenset(("th", "Th", "TH", "nh", "Nh", "t", "T", "vờn", "Vờn", "vãn", "Vãn"))
"""Words that are looked at together with their neighbours."""
_EDGES = ".,;:!?"
"""Around a word; they are letters in no set."""
_SUBFIELD = " \ue000"
"""Stands for the mark of a subfield, which would part words and leave its code to the next one."""
_SIGN_FOR_U = re.compile("[A-Za-zĐđ][\xad−•¬]")
_LOST_HALF = re.compile("[a-zÀ-ÿ][ÃĂ]$|^[ÃĂ]$")
_SOUND: set[str] = set()
_MOST_SOUND = 100_000
_LONGEST_SOUND = 40
"""Words that were looked at and are sound: nearly all words of a record are among them."""
_ROUNDS = 3
_USUAL = {"tcvn3": 0.3, "vni": 0.2, "windows-1258": -0.1, "viscii": -0.2, "marc-8": -0.2}
"""Where two sets explain a text equally well, the more usual one is believed."""


class Repair(msgspec.Struct, frozen=True):
    """``encoding`` is what the text was in, several joined by ``+`` from the outside in: ``tcvn3``, ``vni``,
    ``viscii``, ``bkhcm2``, ``windows-1258``, ``marc-8``, ``utf-8-twice``, ``viqr``, ``gb18030``, ``big5``,
    ``mark-order``, ``combining-marks``, ``letters-lost``."""

    text: str
    encoding: str


def repair_text(text: str) -> Repair | None:
    """The repair of one text by itself; None where nothing is wrong with it, or nothing is sure."""
    return repair_texts((text,))[0]


def repair_texts(texts: Sequence[str]) -> list[Repair | None]:
    """The repairs of the strings of one record, in order."""
    repairs: list[Repair | None] = [None] * len(texts)
    if not any(may_be_damaged(text) for text in texts):
        return repairs
    current = dict(enumerate(texts))
    for _ in range(_ROUNDS):
        changed = _repair_round(current)
        if not changed:
            break
        for place, (mended, encoding) in changed.items():
            before = repairs[place]
            repairs[place] = Repair(mended, encoding if before is None else f"{before.encoding}+{encoding}")
        current = {place: mended for place, (mended, _) in changed.items()}
    return repairs


def may_be_damaged(text: str) -> bool:
    """Whether a text is worth looking at: quick, and false for nearly all sound ones. Also for fields of MARC as they
    stand, with the marks and codes of their subfields."""
    if text.isascii():
        return MAY_BE_VIQR.search(text) is not None
    if "Ã\xa0" in text or "Ă\xa0" in text:  # à encoded twice: its second half would part the words
        return True
    chunks = text.replace("\x1f", _SUBFIELD).split()
    if not _SOUND.issuperset(chunks) and not all(map(_learn_sound, set(chunks) - _SOUND)):
        return True
    if _LONE.isdisjoint(chunks):
        return False
    return _SPOILT_VAN.search(text) is not None or mend_lost(text[:MAX_JUDGED]) is not None


def _learn_sound(chunk: str) -> bool:
    """Whether a chunk is sound; it is remembered then."""
    if chunk in _SOUND:
        return True
    bare = chunk
    if chunk[0] == _SUBFIELD[1]:
        bare = chunk[2:]
        if bare in _LONE:
            return False
    if not bare.isascii() and any(map(is_suspect, split_chunks(bare))):
        return False
    if len(_SOUND) > _MOST_SOUND:
        _SOUND.clear()
    if len(chunk) <= _LONGEST_SOUND:
        _SOUND.add(chunk)
    return True


@lru_cache(maxsize=65_536)
def is_suspect(chunk: str) -> bool:
    """Whether a chunk that is not plain ASCII may be damaged."""
    core = chunk.strip(_EDGES)
    if core.isascii() or (core.isalpha() and is_strict_syllable(core) and mend_lost(core, sure=True) is None):
        return False
    if MAY_BE_DOUBLED.search(chunk) or _LOST_HALF.search(chunk) or mend_marks(chunk) or mend_chinese(chunk):
        return True
    if _SIGN_FOR_U.search(chunk) or mend_lost(chunk, sure=True):
        return True
    if _BEYOND_OLD_SETS.search(chunk):
        return False
    readings = [read_chunk(encoding, chunk) for encoding in DECODERS]
    return any(reading and reading.legal > reading.before for reading in readings)


def mend_marks(text: str) -> tuple[str, str] | None:
    """Marks that NFC leaves in the wrong order, or letters half composed, in Vietnamese syllables."""
    if _MARKS.search(text) is None:
        return None
    composed = normalize("NFC", text)
    if any(_is_disordered(word) for word in _SYLLABLE.findall(composed)):
        return order_marks(composed), "mark-order"
    if composed != text and normalize("NFD", text) != text:
        halves = [word for word in _SYLLABLE.findall(text) if normalize("NFC", word) != word != normalize("NFD", word)]
        if halves and all(is_strict_syllable(normalize("NFC", word)) for word in halves):
            return composed, "combining-marks"
    return None


_SYLLABLE = re.compile("(?:[^\\W\\d_][\u0300-\u0323]*)+")


def _is_disordered(word: str) -> bool:
    if _MARKS.search(word) is None:
        return False
    ordered = order_marks(word)
    return ordered != word and is_strict_syllable(ordered)


def _repair_round(current: dict[int, str]) -> dict[int, tuple[str, str]]:
    """What one step makes of each text: (the new text, the encoding it was in)."""
    changed: dict[int, tuple[str, str]] = {}
    for place, text in current.items():
        found = _repair_alone(text)
        if found is not None:
            changed[place] = found
    left = {place: text for place, text in current.items() if place not in changed and not text.isascii()}
    changed.update(_repair_legacy(left))
    for place, text in left.items():
        if place not in changed:
            found = mend_chinese(text) or _name(mend_lost(text), "letters-lost")
            if found is not None:
                changed[place] = found
    return changed


def _repair_alone(text: str) -> tuple[str, str] | None:
    """Damage that shows in the text itself, whatever stands beside it."""
    if text.isascii():
        return _name(mend_viqr(text), "viqr")
    return _name(mend_doubled(text), "utf-8-twice") or mend_marks(text)


def _name(mended: str | None, encoding: str) -> tuple[str, str] | None:
    return None if mended is None else (mended, encoding)


def guess_repairs(text: str) -> tuple[str, ...]:
    """What a text may have been, surely or not, the likeliest first: for a reader to choose from, not for a record."""
    sure = repair_text(text)
    if sure is not None:
        return (sure.text,)
    if text.isascii() or not _may_be_old(text):
        return ()
    found = [(gather_evidence((text,), encoding), encoding) for encoding in DECODERS]
    whole = [(evidence.score, encoding) for evidence, encoding in found if evidence.legal > evidence.before]
    return tuple(
        dict.fromkeys(decode_text(text, encoding) for score, encoding in sorted(whole, reverse=True) if score > 0)
    )


def _repair_legacy(texts: dict[int, str]) -> dict[int, tuple[str, str]]:
    """First by what all the texts say together, then, for those left, by what each says."""
    changed: dict[int, tuple[str, str]] = {}
    suspects = {place: text for place, text in texts.items() if _may_be_old(text)}
    if not suspects:
        return changed
    together = choose_encoding([text[:MAX_JUDGED] for text in suspects.values()])
    for place, text in suspects.items():
        own = "windows-1258" if _SPOILT_VAN.search(text) else choose_encoding([text[:MAX_JUDGED]])
        encoding = own
        if together and (own is None or _fits(text, together)):
            encoding = together if _fits(text, together) else None
        if encoding is not None:
            mended = decode_text(text, encoding)
            if mended != text:
                changed[place] = (mended, encoding)
    return changed


def find_encoding(written: bytes) -> str | None:
    """The old set that the bytes of a whole record are in, if they are surely in one: a name of ``Repair.encoding``."""
    texts = [part for part in _SEPARATORS.split(written.decode("latin-1")) if not part.isascii()]
    found = choose_encoding(texts)
    if found is not None:
        return found
    chinese = mend_chinese(" ".join(texts))
    return chinese[1] if chinese else None


def _may_be_old(text: str) -> bool:
    """Characters of Windows-1252 only; with letters of Windows-1258 too if there are signs that stand in no word."""
    if _BEYOND_OLD_SETS.search(text):
        return False
    return _LETTERS_1258.search(text) is None or _SIGNS_IN_WORDS.search(text) is not None


def choose_encoding(texts: Sequence[str]) -> str | None:
    """The old set in which these texts are, or None where they are not sure to be in one."""
    best: tuple[float, str] | None = None
    for encoding in DECODERS:
        found = gather_evidence(texts, encoding)
        score = found.score + _USUAL.get(encoding, 0.0)
        if found.is_enough() and (best is None or score > best[0]):
            best = (score, encoding)
    return best[1] if best else None


def _fits(text: str, encoding: str) -> bool:
    """Whether a text of a record in this encoding is in it, too: its damaged words become syllables."""
    found = gather_evidence((text[:MAX_JUDGED],), encoding)
    if found.words and found.everyday == found.words:
        return True
    return found.legal > found.before and found.share >= 0.75


def decode_text(text: str, encoding: str) -> str:
    """Every word read in the encoding; a word that it cannot have written stays as it is."""
    out: list[str] = []
    place = 0
    for chunk in split_chunks(text):
        start = text.index(chunk, place)
        reading = None if is_plain(chunk) else read_chunk(encoding, chunk)
        out.extend((text[place:start], chunk if reading is None else reading.text))
        place = start + len(chunk)
    out.append(text[place:])
    decoded = "".join(out)
    if encoding == "tcvn3":
        return mend_lost(decoded, sure=True) or decoded
    return decoded
