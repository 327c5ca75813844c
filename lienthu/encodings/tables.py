"""The old character sets of Vietnam: which byte is which letter.

Rule: a table maps the character that a byte becomes when it is read as Latin-1 to the letter that was meant. VNI and BK
HCM 2 write a plain letter and then a second byte for its shape and tone. The tables are facts about the sets; the tests
compare them with ``iconv`` and ``recode``.
"""

import re
import unicodedata
from collections.abc import Mapping

GRAVE, HOOK, TILDE, ACUTE, DOT = "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"


def _read_table(written: str) -> dict[str, str]:
    """``A1ĂA2Â`` -> ``{"\\xa1": "Ă", "\\xa2": "Â"}``."""
    return {chr(int(code, 16)): letter for code, letter in re.findall(r"([0-9A-F]{2})(.)", written)}


TCVN3: dict[str, str] = _read_table(
    "A1ĂA2ÂA3ÊA4ÔA5ƠA6ƯA7ĐA8ăA9âAAêABôACơADưAEđB5àB6ảB7ãB8áB9ạBBằBCẳBDẵBEắC6ặC7ầC8ẩC9ẫCAấCBậCCèCEẻCFẽD0éD1ẹD2ềD3ểD4ễ"
    "D5ếD6ệD7ìD8ỉDCĩDDíDEịDFòE1ỏE2õE3óE4ọE5ồE6ổE7ỗE8ốE9ộEAờEBởECỡEDớEEợEFùF1ủF2ũF3úF4ụF5ừF6ửF7ữF8ứF9ựFAỳFBỷFCỹFDýFEỵ"
) | {"\xb0": GRAVE, "\xb1": HOOK, "\xb2": TILDE, "\xb3": ACUTE, "\xb4": DOT}
"""ABC, .VnTime: no capitals with tones."""

TCVN5712: Mapping[str, str] = TCVN3 | _read_table(
    "80À81Ả82Ã83Á84Ạ85Ặ86Ậ87È88Ẻ89Ẽ8AÉ8BẸ8CỆ8DÌ8EỈ8FĨ90Í91Ị92Ò93Ỏ94Õ95Ó96Ọ97Ộ98Ờ99Ở9AỠ9BỚ9CỢ9DÙ9EỦ9FŨAFẰBAẲBFẴC0Ắ"
    "C1ẦC2ẨC3ẪC4ẤC5ỀCDỂD9ỄDAẾDBỒE0ỔF0ỖFFỐ01Ú02Ụ04Ừ05Ử06Ữ11Ứ12Ự13Ỳ14Ỷ15Ỹ16Ý17Ỵ"
)
"""The same with the capitals of TCVN 5712, which few fonts had."""

VISCII: Mapping[str, str] = _read_table(
    "02Ẳ05Ẵ06Ẫ14Ỷ19Ỹ1EỴ80Ạ81Ắ82Ằ83Ặ84Ấ85Ầ86Ẩ87Ậ88Ẽ89Ẹ8AẾ8BỀ8CỂ8DỄ8EỆ8FỐ90Ồ91Ổ92Ỗ93Ộ94Ợ95Ớ96Ờ97Ở98Ị99Ỏ9AỌ9BỈ9CỦ9DŨ9EỤ"
    "9FỲA0ÕA1ắA2ằA3ặA4ấA5ầA6ẩA7ậA8ẽA9ẹAAếABềACểADễAEệAFốB0ồB1ổB2ỗB3ỠB4ƠB5ộB6ờB7ởB8ịB9ỰBAỨBBỪBCỬBDơBEớBFƯC0ÀC1ÁC2ÂC3Ã"
    "C4ẢC5ĂC6ẳC7ẵC8ÈC9ÉCAÊCBẺCCÌCDÍCEĨCFỳD0ĐD1ứD2ÒD3ÓD4ÔD5ạD6ỷD7ừD8ửD9ÙDAÚDBỹDCỵDDÝDEỡDFưE0àE1áE2âE3ãE4ảE5ăE6ữE7ẫE8è"
    "E9éEAêEBẻECìEDíEEĩEFỉF0đF1ựF2òF3óF4ôF5õF6ỏF7ọF8ụF9ùFAúFBũFCủFDýFEợFFỮ"
)

CP1258_MARKS: Mapping[str, str] = {"\xcc": GRAVE, "\xd2": HOOK, "\xde": TILDE, "\xec": ACUTE, "\xf2": DOT}
CP1258: Mapping[str, str] = _read_table("C3ĂD0ĐD5ƠDDƯE3ăF0đF5ơFDư")
"""Windows-1258 where it differs from Windows-1252: letters, and the tones that follow their letter."""

ANSEL_MARKS: Mapping[str, str] = {
    "\xe0": HOOK, "\xe1": GRAVE, "\xe2": ACUTE, "\xe3": "\u0302", "\xe4": TILDE, "\xe6": "\u0306", "\xf2": DOT,
}  # fmt: skip
ANSEL: Mapping[str, str] = _read_table("A3ĐB3đACƠBCơADƯBDư")
"""MARC-8: the marks stand before their letter."""


def _pair(letters: str, shape: str, tones: Mapping[str, str]) -> dict[str, str]:
    """``a`` and the second bytes for each tone on a letter of one shape, in both cases."""
    pairs = {}
    for letter in letters:
        for second, tone in tones.items():
            meant = unicodedata.normalize("NFC", letter + shape + tone)
            for pair in (letter + second, letter + second.upper()):
                pairs[pair] = meant
            pairs[letter.upper() + second.upper()] = pairs[letter.upper() + second] = meant.upper()
    return pairs


_VNI_TONES = {"ø": GRAVE, "û": HOOK, "õ": TILDE, "ù": ACUTE, "ï": DOT}
VNI_PAIRS: Mapping[str, str] = (
    _pair("aeouy", "", _VNI_TONES)
    | _pair("aeo", "\u0302", {"â": "", "à": GRAVE, "å": HOOK, "ã": TILDE, "á": ACUTE, "ä": DOT})
    | _pair("a", "\u0306", {"ê": "", "è": GRAVE, "ú": HOOK, "ü": TILDE, "é": ACUTE, "ë": DOT})
    | {pair.replace("o", "ô").replace("O", "Ô"): meant for pair, meant in _pair("o", "\u031b", _VNI_TONES).items()}
    | {pair.replace("u", "ö").replace("U", "Ö"): meant for pair, meant in _pair("u", "\u031b", _VNI_TONES).items()}
)
VNI: Mapping[str, str] = _read_table("D4ƠF4ơD6ƯF6ưD1ĐF1đC6ỈE6ỉD3ĨF3ĩD2ỊF2ịCEỴEEỵCDÍEDíCCÌECì")
"""VNI for Windows; í and ì are where Latin-1 has them."""

_BK_TONES = {"â": GRAVE, "ã": HOOK, "ä": TILDE, "á": ACUTE, "å": DOT}


def _pair_bk() -> dict[str, str]:
    pairs = _pair("aeouy", "", _BK_TONES)
    shaped = {"ì": GRAVE, "í": HOOK, "î": TILDE, "ë": ACUTE, "å": DOT}
    for letter, shape, tones in (
        ("ê", "â", shaped), ("ï", "ê", shaped), ("ö", "ô", shaped), ("ú", "ơ", _BK_TONES), ("û", "ư", _BK_TONES),
        ("ù", "ă", {"ç": GRAVE, "è": HOOK, "é": TILDE, "æ": ACUTE, "å": DOT}),
    ):  # fmt: skip
        for second, tone in tones.items():
            meant = unicodedata.normalize("NFC", shape + tone)
            pairs[letter + second] = pairs[letter + second.upper()] = meant
            pairs[letter.upper() + second.upper()] = pairs[letter.upper() + second] = meant.upper()
    return pairs


BK_PAIRS: Mapping[str, str] = _pair_bk()
BK: Mapping[str, str] = _read_table("CAÂEAâCFÊEFêD6ÔF6ôDAƠFAơDBƯFBưD9ĂF9ăC0ĐE0đD1ÍF1íD2ÌF2ìD3ỈF3ỉD4ĨF4ĩD5ỊF5ị")
"""BK HCM 2."""
