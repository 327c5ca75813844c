import shutil
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthu.encodings import repair_text, repair_texts
from lienthu.encodings.doubled import MAY_BE_DOUBLED
from tests.lienthu.encodings.damage import DAMAGES, disorder_marks, double, lose_u, write_marc8, write_tcvn3
from tests.lienthu.encodings.strings import invent_titles, list_demo_strings, list_real_values, list_sound

NEEDS = {"vni": "recode", "viqr": "recode"}
SAMPLES = {
    "Th­ viÖn tØnh Lµo Cai": "Thư viện tỉnh Lào Cai",
    "NguyÔn §×nh Thi": "Nguyễn Đình Thi",
    "TruyÖn KiÒu": "Truyện Kiều",
    "ng­êi Hm«ng ë B¾c Hµ": "người Hmông ở Bắc Hà",
    "Khæ mÉu MARC 21 cho d÷ liÖu th− môc": "Khổ mẫu MARC 21 cho dữ liệu thư mục",
    "B¸o c¸o": "Báo cáo",
    "Thñ tôc": "Thủ tục",
    "th- viÖn": "thư viện",
    "th• viÖn": "thư viện",
    "Th viÖn quèc gia": "Thư viện quốc gia",
    "Hệ thống Th viện công cộng": "Hệ thống Thư viện công cộng",
    "Trờng đại học": "Trường đại học",
    "ngời Dao đợc mùa": "người Dao được mùa",
    "PHầN MềM THƯ VIệN Số": "PHẦN MỀM THƯ VIỆN SỐ",
    "Thö vieän": "Thư viện",
    "Tieáng Vieät raát hay": "Tiếng Việt rất hay",
    "thöëng nhêët": "thống nhất",
    "PHÊÌN MÏÌM QUAÃN TRÕ THÛ VIÏÅN": "PHẦN MỀM QUẢN TRỊ THƯ VIỆN",
    "Nguyïîn": "Nguyễn",
    "Tie^'ng Vie^.t": "Tiếng Việt",
    "Thá»§ tá»¥c phÃºc tháº©m": "Thủ tục phúc thẩm",
    "Viá»‡t Nam": "Việt Nam",
    "HĂ  Ná»™i": "Hà  Nội",
    "lÃ gÃ¬": "là gì",
    "Then TÃ\xa0y": "Then Tày",
    "Nhà xuá̂t bản Văn học": "Nhà xuất bản Văn học",
    "ÖÐ¹úÀúÊ·": "中国历史",
    "ÀÏ½ÖÊ¡¸Å¿ö": "老街省概况",
    "¤¤°ê¾ú¥v": "中國歷史",
    "Gi¸o tr×nh Windows XP vµ Microsoft Office": "Giáo trình Windows XP và Microsoft Office",
}


@pytest.mark.parametrize("damaged", SAMPLES)
def test_what_catalogues_really_hold_comes_back_right(damaged: str) -> None:
    repair = repair_text(damaged)
    assert repair is not None
    assert repair.text == SAMPLES[damaged]


@pytest.fixture(scope="module")
def titles() -> list[str]:
    """Five hundred and more strings of the demo library and of invented titles."""
    return [*list_demo_strings(), *invent_titles(250)]


@pytest.mark.parametrize("damage", DAMAGES)
def test_nearly_every_damaged_string_comes_back_right(damage: str, titles: list[str]) -> None:
    program = NEEDS.get(damage, "iconv")
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    wanted = [text for text in titles if all(sign < "\u1f00" for sign in text)]
    if damage in {"vni", "viscii"}:  # their capitals Ắ and Ằ are told apart differently; controls are cut by line
        wanted = [text for text in wanted if not any(sign in text for sign in "ẮẰẲẴẪỶỸỴ")]
    pairs = [(text, bad) for text, bad in zip(wanted, DAMAGES[damage](wanted), strict=True) if text != bad]
    wrong = [(text, bad, _repair(bad)) for text, bad in pairs if _same(_repair(bad)) != _same(text)]
    assert len(pairs) > 250
    assert len(wrong) <= 0.035 * len(pairs), wrong[:10]


def test_of_five_hundred_damaged_strings_of_every_kind_ninety_eight_in_a_hundred_come_back_right(
    titles: list[str],
) -> None:
    if shutil.which("iconv") is None or shutil.which("recode") is None:
        pytest.skip("iconv and recode are not installed")
    outcomes: Counter[bool] = Counter()
    for turn, damage in enumerate(DAMAGES):
        wanted = [text for text in titles[turn :: len(DAMAGES)] if not any(sign in text for sign in "ẮẰẲẴẪỶỸỴ")]
        wanted += titles[turn + 5 :: len(DAMAGES) * 2]
        for text, bad in zip(wanted, DAMAGES[damage](wanted), strict=True):
            if text != bad and not any(sign in text for sign in "ẮẰẲẴẪỶỸỴ"):
                outcomes[_same(_repair(bad)) == _same(text)] += 1
    assert outcomes.total() >= 500
    assert outcomes[True] >= 0.98 * outcomes.total()


@pytest.mark.parametrize("text", list_sound())
def test_what_is_right_is_never_touched(text: str) -> None:
    assert repair_text(text) is None


def test_no_right_vietnamese_string_is_touched() -> None:
    touched = [text for text in [*list_demo_strings(), *invent_titles(3_000, seed=11)] if repair_text(text)]
    assert touched == []


@pytest.mark.shared
def test_of_five_thousand_real_strings_only_the_broken_ones_are_touched(shared_data: Path) -> None:
    """One file of real records holds text that was encoded three times: those, and disordered Vietnamese marks, are
    mended; nothing else changes."""
    values = list_real_values(shared_data, 5_000)
    assert len(values) == 5_000
    for value in values:
        repair = repair_text(value)
        if repair is not None:
            assert repair.encoding in {"utf-8-twice", "mark-order", "combining-marks"}, (value, repair)
            assert repair.encoding != "utf-8-twice" or MAY_BE_DOUBLED.search(value)


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=150)
def test_any_text_is_answered_and_a_repair_is_final(text: str) -> None:
    repair = repair_text(text)
    if repair is not None:
        assert repair.text != text


@given(st.sampled_from(invent_titles(300, seed=3)), st.sampled_from(["tcvn3", "utf-8 twice", "marc-8"]))
@settings(deadline=None, max_examples=60)
def test_a_repaired_text_is_not_repaired_again(text: str, damage: str) -> None:
    mended = _repair(DAMAGES[damage]([text])[0])
    if mended == text:
        assert repair_text(mended) is None


def test_the_other_strings_of_a_record_decide_the_short_ones() -> None:
    wanted = ["Vi Hồng", "Hồ Chí Minh", "Truyện cổ và dân ca nghi lễ dân tộc Tày", "Nhà xuất bản Thanh niên", "Trẻ"]
    for damage in ("tcvn3", "vni", "bk hcm 2", "marc-8", "windows-1258"):
        repairs = repair_texts(DAMAGES[damage](wanted))
        texts = [repair.text if repair else bad for repair, bad in zip(repairs, DAMAGES[damage](wanted), strict=True)]
        assert texts == wanted, damage
    for title, damage in (("Hồ Chí Minh", "vni"), ("Trẻ", "bk hcm 2"), ("Phan Si Păng", "windows-1258")):
        assert repair_text(DAMAGES[damage]([title])[0]) is None  # by itself it might be something else


def test_a_sound_field_beside_damaged_ones_stays() -> None:
    damaged = write_tcvn3(["Truyện cổ người Tày", "Nhà xuất bản Văn hóa dân tộc"])
    sound = ["Hà Giang", "Người Dao ở Lào Cai", "Café de Paris", "398.2"]
    assert [repair is None for repair in repair_texts([*damaged, *sound])] == [False, False, True, True, True, True]


def test_damage_upon_damage_is_undone_from_the_outside_in() -> None:
    repair = repair_text(double(write_tcvn3(["Truyện cổ người Tày"])[0]))
    assert repair is not None
    assert (repair.text, repair.encoding) == ("Truyện cổ người Tày", "utf-8-twice+tcvn3")


def test_lost_u_comes_back() -> None:
    for text in ("Trường học của người Mường được khen", "Nước và rượu", "LƯƠNG THỰC", "Thương mại quốc tế"):
        assert _repair(lose_u(text)) == text


def test_marks_are_ordered_in_words_that_are_vietnamese_only() -> None:
    assert _repair(disorder_marks("Nhà xuất bản Việt Nam")) == "Nhà xuất bản Việt Nam"
    assert repair_text("e\u0301\u0302tre") is None


def test_marks_of_marc_8_may_stand_in_any_order() -> None:
    assert _repair(write_marc8("Tiếng Việt")) == "Tiếng Việt"
    assert _repair("Tiâãeng Viòãet") == "Tiếng Việt"


def _repair(text: str) -> str:
    repair = repair_text(text)
    return repair.text if repair else text


def _same(text: str) -> str:
    """Without regard to capitals, which some sets lack, and to which of two ways of spaces."""
    return text.lower().replace("\xa0", " ")
