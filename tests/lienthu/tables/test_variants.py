"""The tables that a librarian edits: ours, an admin's own, and what is wrong with a line."""

from pathlib import Path

import pytest

from lienthu.errors import SettingsError
from lienthu.query.language import parse_query
from lienthu.query.tree import Preferred
from lienthu.tables import PURPOSES, read_tables
from lienthu.tables.dewey import label_dewey, read_dewey
from lienthu.tables.variants import TableText, VariantTable, read_variants
from lienthu.text import analyse


def read(*texts: str) -> VariantTable:
    return read_variants([TableText(f"table{place}.txt", text) for place, text in enumerate(texts)])


def name_all(table: VariantTable, text: str) -> list[str]:
    return [found.way.entry.labels[0] for found in table.find(analyse(text))]


def test_the_longest_name_is_found_whatever_its_capitals_and_hyphens() -> None:
    table = read("Sa Pa = Sapa\nSa Pả Phìn\n")
    assert name_all(table, "Từ SA-PA lên Sa Pả Phìn, qua sapa") == ["Sa Pa", "Sa Pả Phìn", "Sa Pa"]


def test_a_name_says_what_it_is_called_elsewhere_and_what_it_belongs_to() -> None:
    table = read("Tày / Tày people / 岱依族\nPa Dí (Tày) = Padí\nYên Bái → Lào Cai\nLào Cai\n")
    entry = table.look_up("padí")
    assert entry is not None
    assert [one.labels[0] for one in table.trace(entry)] == ["Pa Dí", "Tày"]
    assert (table.entries["tày"].label_in("zh"), table.entries["tày"].label_in("vi")) == ("岱依族", "Tày")
    assert (table.entries["yên bái"].renamed, table.entries["pa dí"].renamed) == (True, False)


def test_an_admins_own_line_wins_over_ours_and_takes_its_ways() -> None:
    ours = "Hmông / Hmong / 苗族 = Mông Hoa\nMông Hoa người = Mông Bắc Hà\nTày\n"
    table = read("H'Mông mới = Hmông\n", ours)
    entry = table.look_up("hmông")
    assert entry is not None
    assert entry.labels[0] == "H'Mông mới"
    assert table.look_up("tày") is not None


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("# a remark\nA = B\nC = B\n", 3, "“b” already belongs to “A”"),
        ("A\nA\n", 2, "already belongs"),
        ("\n= B\n", 2, "there is no name"),
    ],
)
def test_what_is_wrong_in_a_table_is_told_by_file_and_line(text: str, line: int, words: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read(text)
    assert f"table0.txt, line {line}:" in str(refused.value)
    assert words in str(refused.value)


def test_our_own_tables_can_be_read_and_each_has_a_purpose() -> None:
    tables = read_tables()
    assert len(tables.publishers.ways) > 60
    assert len(tables.places.entries) > 60
    assert {"1", "2", "9"} <= {number[0] for number in tables.dewey}
    packaged = Path(__file__).parents[3] / "lienthu" / "tables"
    assert {path.stem for path in packaged.glob("*.txt")} == set(PURPOSES)


def test_a_folder_of_own_tables_adds_to_ours_and_changes_the_digest(tmp_path: Path) -> None:
    (tmp_path / "publishers.txt").write_text("Kim Đồng = Nhà sách Kim Đồng nhỏ\n", encoding="utf-8-sig")
    (tmp_path / "columns.txt").write_text("title = Tên gọi quyển sách\n", encoding="utf-8")
    own, ours = read_tables(tmp_path), read_tables()
    assert own.publishers.look_up("nhà sách kim đồng nhỏ") is not None
    assert own.columns["title"][0] == "Tên gọi quyển sách"
    assert set(ours.columns["title"]) < set(own.columns["title"])
    assert own.digest != ours.digest


def test_what_only_searches_look_at_does_not_make_an_index_stale(tmp_path: Path) -> None:
    (tmp_path / "synonyms.txt").write_text("[names]\nphở ; bún\n", encoding="utf-8")
    own = read_tables(tmp_path)
    assert own.digest == read_tables().digest
    assert parse_query("phở", own.synonyms).tree != parse_query("phở").tree


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("publisher", "A = B\n", "there is no such table"),
        ("columns", "name = Tên\n", "columns.txt, line 1: there is no field “name”"),
        ("synonyms", "phở ; bún\n", "synonyms.txt, line 1: first say in which section"),
        ("synonyms", "[words]\nphở ; bún\n", "synonyms.txt, line 1: there is no section [words]"),
        ("dewey", "\n51 = Toán\n", "dewey.txt, line 2: write three digits"),
    ],
)
def test_what_is_wrong_in_an_own_table_is_told(tmp_path: Path, name: str, text: str, words: str) -> None:
    (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        read_tables(tmp_path)
    assert words in str(refused.value)


def test_a_table_that_is_not_utf8_is_told_by_its_line(tmp_path: Path) -> None:
    (tmp_path / "places.txt").write_bytes(b"Sa Pa\nB\xe1t X\xe1t")
    with pytest.raises(SettingsError, match=r"places\.txt, line 2: this is not UTF-8"):
        read_tables(tmp_path)


def test_the_old_and_the_new_name_of_a_place_find_each_other_and_the_typed_one_comes_first() -> None:
    for typed, other in (
        ("Yên Bái", "lào cai"),
        ("Lào Cai", "yên bái"),
        ("Hoàng Liên Sơn", "lào cai"),
        ("Bản Cái", "cốc lầu"),
    ):
        tree = parse_query(typed).tree
        assert isinstance(tree, Preferred), typed
        assert other in " | ".join(" ".join(word.exact for word in words) for words in list_phrases(tree.query)), typed
        assert other not in " | ".join(" ".join(word.exact for word in words) for words in list_phrases(tree.first))


def list_phrases(tree: object) -> list[tuple]:  # type: ignore[type-arg]
    found = getattr(tree, "words", None)
    return [found] if found else [one for child in getattr(tree, "children", ()) for one in list_phrases(child)]


def test_a_class_of_dewey_without_words_takes_those_of_its_division() -> None:
    words = read_dewey([TableText("dewey.txt", "500 = Khoa học / Science / 科学\n510 = Toán học\n")])
    assert label_dewey("515", "en", words) == "515 Toán học"
    assert label_dewey("599", "en", words) == "599 Science"
    assert label_dewey("610", "vi", words) == "610"
