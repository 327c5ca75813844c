import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lienthu.text import GAP, analyse, exact, fold, has_marks, join_layers, normalise_number
from lienthu.text.syllable import ONSETS, RHYMES, TONES, is_syllable, split_onset

RECALL = "\u0302\u0306\u031b"
SYLLABLES = sorted(onset + rhyme for onset in ONSETS for rhyme in RHYMES if split_onset(onset + rhyme))
ALL_TEXT = st.text(st.characters(), max_size=60)


@st.composite
def toned_syllables(draw: st.DrawFn) -> str:
    """A legal syllable with its tone on any vowel."""
    letters = draw(st.sampled_from(SYLLABLES))
    tone = draw(st.sampled_from(("", *TONES)))
    vowels = [place for place, letter in enumerate(letters) if letter in "aăâeêioôơuưy"]
    place = draw(st.sampled_from(vowels)) + 1
    return unicodedata.normalize("NFC", letters[:place] + tone + letters[place:])


def swap_marks(text: str) -> str:
    """The text taken apart, each run of marks reversed: the order that some systems write."""
    out: list[str] = []
    run: list[str] = []
    for character in unicodedata.normalize("NFD", text):
        if unicodedata.combining(character):
            run.append(character)
        else:
            out += [*reversed(run), character]
            run = []
    return "".join(out + list(reversed(run)))


def move_tone(word: str) -> set[str]:
    """The word with its tone on each of its vowels in turn."""
    decomposed = unicodedata.normalize("NFD", word)
    tone = next((mark for mark in decomposed if mark in TONES), "")
    plain = unicodedata.normalize("NFC", decomposed.replace(tone, "")) if tone else word
    return {
        unicodedata.normalize("NFC", plain[: place + 1] + tone + plain[place + 1 :])
        for place, letter in enumerate(plain)
        if letter in "aăâeêioôơuưy"
    }


@given(st.lists(toned_syllables(), min_size=1, max_size=6))
def test_every_way_of_writing_a_vietnamese_text_gives_the_same_exact_layer(words: list[str]) -> None:
    text = " ".join(words)
    expected = exact(text)
    assert len(expected.split(" ")) == len(words) or "hmông" in expected or "hmong" in fold(text)
    for written in (unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text), swap_marks(text)):
        assert exact(written) == expected
        assert exact(written.upper()) == expected
        assert exact(written.title()) == expected


@given(toned_syllables())
def test_a_tone_on_any_vowel_gives_the_same_exact_layer(word: str) -> None:
    assert {exact(written) for written in move_tone(word)} == {exact(word)}


@settings(max_examples=1_500)
@given(ALL_TEXT)
@example("‘H’mông’ H mông ½ ﷺ ｶﾞ 각 ß İ ŉ ǅ ¨ ꪀꪰ")
def test_analysing_what_was_analysed_changes_nothing(text: str) -> None:
    once = exact(text)
    assert exact(once) == once
    folded = fold(text)
    assert fold(folded) == folded
    assert fold(once) == folded


@settings(max_examples=1_500)
@given(ALL_TEXT)
def test_any_text_gives_clean_tokens_whose_places_lie_in_it(text: str) -> None:
    last = 0
    for token in analyse(text):
        assert last <= token.start < token.end <= len(text) or token.start < token.end <= len(text)
        last = token.start
        for word in (token.exact, token.folded):
            assert word
            assert len(word.encode()) <= 255
            assert not any(c.isspace() or unicodedata.category(c)[0] in "CZ" for c in word)
    for layer in join_layers([text, text]):
        assert layer.strip(" ") == layer
        assert all(c == " " or not c.isspace() for c in layer)


@given(ALL_TEXT)
@example("Người H mông, h' Mông và Hmông: hh mong anh mong")
@example("ò" * 90 + " " + "a" * 300)
def test_the_layers_of_a_text_are_those_of_its_tokens(text: str) -> None:
    tokens = analyse(text)
    layers = (" ".join(token.exact for token in tokens), " ".join(token.folded for token in tokens))
    assert (exact(text), fold(text)) == layers
    assert join_layers([text]) == layers


@given(ALL_TEXT)
def test_composed_and_decomposed_text_is_analysed_alike(text: str) -> None:
    assert exact(unicodedata.normalize("NFC", text)) == exact(unicodedata.normalize("NFD", text))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("hoà", "hòa"), ("khoá", "khóa"), ("thuý", "thúy"), ("khoẻ", "khỏe"), ("quý", "quí"), ("khuya", "khuya"),
        ("khuỷu", "khuỷu"), ("hoàn", "hoàn"), ("thuở", "thuở"), ("già", "già"), ("gìn", "gìn"), ("giếng", "giếng"),
        ("quốc", "quốc"), ("qủa", "quả"), ("lý", "lí"), ("kỹ", "kĩ"), ("tuy", "tuy"), ("thúi", "thúi"),
        ("tay", "tay"), ("vịêt", "việt"), ("thuýên", "thuyến"), ("xuá̂t", "xuất"), ("mỹ", "mĩ"), ("uỷ", "ủy"),
        ("ngoéo", "ngoéo"), ("bìa", "bìa"), ("múa", "múa"), ("Đặng", "đặng"), ("Ðặng", "đặng"), ("ðường", "đường"),
    ],
)  # fmt: skip
def test_a_vietnamese_syllable_has_one_spelling(written: str, expected: str) -> None:
    assert exact(written) == expected


@pytest.mark.parametrize("word", ["señor", "garçon", "xuéxí", "nǚ", "hmôngz", "skỳ", "kŷ", "naïve", "ởé"])
def test_a_word_of_another_language_keeps_its_marks(word: str) -> None:
    assert exact(word) == word


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Đường", "duong"), ("Łódź", "lodz"), ("Ørsted", "orsted"), ("straße", "strasse"), ("æther", "aether"),
        ("２０２４ ＡＢＣ", "2024 abc"), ("雲南", "云 南"), ("瑤族", "瑶 族"), ("Sa-pa", "sa pa"),
        ("Tày-Nùng", "tay nung"), ("L’homme", "l homme"), ("Vietnam's", "vietnam s"), ("O'Brien", "obrien"),
        ("M'Nông", "mnong"), ("R'lấp", "rlap"), ("a\u00adb\u200dc", "abc"), ("a\u200bb\u00a0c\u3000d", "a b c d"),
        ("a\x1fb\ud800c", "a b c"), ("한국어", "한국어"), ("がっこう", "が っ こ う"), ("ꪀꪱ", "ꪀ ꪱ"), ("𡨸喃", "𡨸 喃"),
        ("GD&ĐT", "gd dt"), ("T.1", "t 1"), ("🙂", ""), ("%_*'\"", ""), ("", ""), ("é\u0327", "e"),
    ],
)  # fmt: skip
def test_folding(written: str, expected: str) -> None:
    assert fold(written) == expected


@pytest.mark.parametrize(
    "written", ["H'Mông", "H’mông", "Hmông", "HMông", "H mông", "H-Mông", "‘H’Mông’", "hmo\u0302ng"]
)
def test_every_way_of_writing_hmong_gives_one_token(written: str) -> None:
    (token,) = analyse(written)
    assert (token.exact, token.folded) == ("hmông", "hmong")


def test_places_refer_to_the_text_as_given_even_when_it_is_decomposed() -> None:
    text = unicodedata.normalize("NFD", "“Thư viện” của người H mông")
    assert [unicodedata.normalize("NFC", text[t.start : t.end]) for t in analyse(text)] == [
        "Thư", "viện", "của", "người", "H mông",
    ]  # fmt: skip


def test_values_of_one_field_are_kept_apart_and_empty_ones_leave_nothing() -> None:
    assert join_layers(["Lào Cai", " – ", "Sa Pa"]) == (f"lào cai{GAP}sa pa", f"lao cai{GAP}sa pa")
    assert analyse(GAP) == []


def test_marks_are_seen_and_bare_text_has_none() -> None:
    assert has_marks("thư vien")
    assert has_marks("Dac Đ")
    assert not has_marks("thu vien 瑶族 Lào".replace("à", "a"))


@given(st.text(st.characters(max_codepoint=0x17F), max_size=30))
@example("(OCoLC)49576820")
@example("Ly 12/H'Mong")
def test_a_number_is_its_folded_words_in_one(number: str) -> None:
    assert normalise_number(number) == fold(number).replace(" ", "")


def test_a_call_number_has_one_form_however_it_is_spaced() -> None:
    assert normalise_number("398.8 TH459C") == normalise_number("398.8/TH 459C") == "3988th459c"


def test_the_syllables_are_those_of_the_language() -> None:
    for word in "nghiêng quýt khuỷu gì giặt yêu ngoằn thuở quyển xoong".split():  # noqa: SIM905
        assert is_syllable(word), word
    for word in "library été cnam ngi ghang quo wxyz thướì".split():  # noqa: SIM905
        assert not is_syllable(word), word
