"""One series is one value to filter by, however its volumes are numbered."""

import pytest

from indexer.index_document import build_index_document
from indexer.normalise.series import name_series
from lienthu.edition import Edition
from lienthu.engine.document import FacetTerm
from lienthu.record import Title


@pytest.mark.parametrize(
    ("written", "key", "label"),
    [
        ("NBS monograph ; 25-1", "nbs monograph", "NBS monograph"),
        ("Tủ sách: Thơ ca các dân tộc ; T. 2", "thơ ca các dân tộc", "Tủ sách: Thơ ca các dân tộc"),
        ("Tủ sách Tuổi thần tiên, tập 3", "tuổi thần tiên", "Tủ sách Tuổi thần tiên"),
        ("TUỔI THẦN TIÊN. Quyển II", "tuổi thần tiên", "TUỔI THẦN TIÊN"),
        ("Tủ sách Vàng ; tập 3", "tủ sách vàng", "Tủ sách Vàng"),
        ("Indochine, ISSN 0866-7349 ; 4", "indochine", "Indochine"),
        ("OSHA alert (no. 17)", "osha alert", "OSHA alert"),
        ("民族文学丛书 第三辑", "民 族 文 学 丛 书", "民族文学丛书"),
        ("丛书 ; 2", "丛 书", "丛书"),
        ("Thế kỉ 21", "thế kỉ 21", "Thế kỉ 21"),
        ("Sách giáo khoa lớp 6", "sách giáo khoa lớp 6", "Sách giáo khoa lớp 6"),
        ("Textes ; essais", "textes essais", "Textes ; essais"),
        ("Lecture notes in computer science, 0302-9743 ; 1234", "lecture notes in computer science",
         "Lecture notes in computer science"),
        ("The World of labour / ed. by X. Y.", "the world of labour", "The World of labour"),
        ("The World of labour : English workers, 1850-1890", "the world of labour english workers 1850 1890",
         "The World of labour : English workers, 1850-1890"),
        ("; 5", "", ""),
    ],
)  # fmt: skip
def test_a_series_is_named_without_its_numbers(written: str, key: str, label: str) -> None:
    assert name_series(written) == (key, label)


def test_the_volumes_of_a_series_are_one_value_of_its_filter() -> None:
    volumes = ("Tủ sách: Tuổi thần tiên ; T. 1", "Tuổi thần tiên, tập 2", "; 3")
    edition = Edition(id="lt000001", members=("lc/a/1",), title=Title(main="Dế mèn"), series=volumes)
    facets = build_index_document(edition).facets
    assert facets["series"] == (FacetTerm("tuổi thần tiên", "Tủ sách: Tuổi thần tiên"),)
