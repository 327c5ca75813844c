"""The copy of a bookcase that rotates has one row for each of its stays, all under its one number."""

from pathlib import Path

from tests.harvesters.file.dropping import Reading

HEAD = "Số ĐKCB,Nhan đề,Tủ sách,Địa điểm,Từ ngày,Đến ngày\n"


def read_rotating(tmp_path: Path, *rows: str) -> list[bool]:
    (tmp_path / "a.csv").write_text(HEAD + "\n".join(rows), encoding="utf-8")
    return [record.rotates for record in Reading("a.csv", tmp_path).records]


def test_a_row_of_the_same_title_and_number_and_another_stay_is_a_further_stay(tmp_path: Path) -> None:
    assert read_rotating(
        tmp_path,
        "LC.1,Dế Mèn phiêu lưu ký,05,Bản Phố,01/09/2026,30/11/2026",
        "LC.1,Dế mèn phiêu lưu kí,05,Y Tý,01/12/2026,30/12/2026",
        "LC.2,Đất rừng phương Nam,05,Y Tý,01/12/2026,30/12/2026",
    ) == [False, True, False]


def test_another_title_the_same_stay_or_no_stay_is_none(tmp_path: Path) -> None:
    assert read_rotating(
        tmp_path,
        "LC.1,Dế Mèn phiêu lưu ký,05,Bản Phố,01/09/2026,30/11/2026",
        "LC.1,Đất rừng phương Nam,05,Y Tý,01/12/2026,30/12/2026",
        "LC.1,Dế Mèn phiêu lưu ký,05,Y Tý,01/09/2026,30/11/2026",
        "LC.1,Dế Mèn phiêu lưu ký,,Kho mượn,,",
    ) == [False, False, False, False]
