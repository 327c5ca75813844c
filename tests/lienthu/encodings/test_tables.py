import shutil
import subprocess
from unicodedata import normalize

import pytest

from lienthu.encodings.legacy import DECODERS, decode_bk, decode_cp1258, decode_tcvn5712, decode_viscii, decode_vni
from lienthu.encodings.tables import BK_PAIRS, TCVN3, VNI_PAIRS
from lienthu.encodings.vietnamese import is_likely_syllable, is_strict_syllable
from tests.lienthu.encodings.damage import convert, write_bk
from tests.lienthu.encodings.strings import SYLLABLES

SHAPES = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
LETTERS = [
    normalize("NFC", shape + tone)
    for shape in SHAPES
    for tone in ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
] + ["đ", "Đ"]


def read_with_iconv(byte: int, encoding: str) -> str:
    written = bytes([byte]) + b"x"
    done = subprocess.run(["iconv", "-f", encoding, "-t", "UTF-8"], input=written, capture_output=True, check=False)
    return done.stdout.decode()[:-1] if done.returncode == 0 else ""


@pytest.mark.skipif(shutil.which("iconv") is None, reason="iconv is not installed")
@pytest.mark.parametrize(("encoding", "decode"), [("TCVN", decode_tcvn5712), ("VISCII", decode_viscii)])
def test_each_byte_is_what_iconv_says(encoding: str, decode: object) -> None:
    for byte in (1, 2, 4, 5, 6, *range(0x11, 0x18), 0x19, 0x1E, *range(0x80, 0x100)):
        meant = read_with_iconv(byte, encoding)
        if meant.isalpha():
            assert decode(chr(byte)) == meant, hex(byte)  # type: ignore[operator]


@pytest.mark.skipif(shutil.which("iconv") is None, reason="iconv is not installed")
@pytest.mark.parametrize(("encoding", "decode"), [("TCVN", decode_tcvn5712), ("CP1258", decode_cp1258)])
def test_every_letter_comes_back_through_iconv(encoding: str, decode: object) -> None:
    for letter, written in zip(LETTERS, convert(LETTERS, "iconv", encoding), strict=True):
        assert decode(written.decode("latin-1")) == letter  # type: ignore[operator]


@pytest.mark.skipif(shutil.which("recode") is None, reason="recode is not installed")
def test_every_letter_of_vni_comes_back_through_recode() -> None:
    """But Ắ and Ằ, which recode swaps while it keeps the small ones apart as VNI does."""
    letters = [letter for letter in LETTERS if letter not in "ẮẰ"]
    for letter, written in zip(letters, convert(letters, "recode", "VNI"), strict=True):
        assert decode_vni(written.decode("latin-1")) == letter
    assert decode_vni("BAÉC") == "BẮC"


def test_every_letter_of_bk_hcm_2_comes_back() -> None:
    for letter in LETTERS:
        assert decode_bk(write_bk(letter)) == letter


def test_tcvn3_is_tcvn_5712_without_its_capitals() -> None:
    assert all(letter in "ĂÂÊÔƠƯĐ" or not letter.isupper() for letter in TCVN3.values())


def test_no_two_pairs_of_a_set_mean_one_letter_but_for_case() -> None:
    for pairs in (VNI_PAIRS, BK_PAIRS):
        meant: dict[str, set[str]] = {}
        for pair, letter in pairs.items():
            meant.setdefault(letter, set()).add(pair.lower())
        assert {letter for letter, written in meant.items() if len(written) > 1} == set()


def test_no_decoder_raises() -> None:
    for decoders in DECODERS.values():
        for decode in decoders:
            for byte in range(0x100):
                for text in (chr(byte), f"a{chr(byte)}", f"{chr(byte)}a", f"{chr(byte)}{chr(byte)}"):
                    decoded = decode(text)
                    assert decoded is None or isinstance(decoded, str)


def test_the_list_of_syllables_holds_syllables_only() -> None:
    text = SYLLABLES.read_text(encoding="utf-8")
    words = [word for line in text.splitlines() if not line.startswith(("#", "[")) for word in line.split()]
    assert [word for word in words if not is_strict_syllable(normalize("NFC", word))] == []
    assert is_likely_syllable("Việt")
    assert not is_likely_syllable("thộ")
    assert not is_strict_syllable("that")
    assert not is_strict_syllable("nhaõ")
