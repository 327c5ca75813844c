"""How Vietnamese libraries really fill in their fields: every habit that was counted in their files, and what becomes
of it."""

from typing import Any

import pytest

from lienthu.partner import Partner
from tests.indexer.crosswalks.marc_writing import map_lines, read

TITLE = "245 ## $aTruyện cổ người Tày\n"
HABITS = [
    ("020 ## $a978-604-70-0152-1$c61.000đ", "identifiers.value", ("9786047001521",)),
    ("020 ## $a978-604-70-0152-1$c61.000đ", "price", "61.000 đ"),
    ("020 ## $a17.000đ", "price", "17.000 đ"),
    ("020 ## $a17.000đ", "identifiers", ()),
    ("020 ## $a.", "identifiers", ()),
    ("020 ## $a", "identifiers", ()),
    ("041 ## $avie", "languages", ("vi",)),
    ("041 ## $aVie", "languages", ("vi",)),
    ("041 ## $aEng", "languages", ("en",)),
    ("041 ## $afra", "languages", ("fr",)),
    ("041 ## $afre", "languages", ("fr",)),
    ("041 ## $aSong ngữ", "languages", ("vi",)),
    ("041 ## $aĐa ngữ", "languages", ("vi",)),
    ("044 ## $aVn", "languages", ("vi",)),
    ("082 ## $a398.8$bTH459C", "classifications.number", ("398.8",)),
    ("090 ## $a398.8 TH459C", "holdings.call_number", ("398.8 TH459C",)),
    ("090 ## $aĐ103TH", "classifications", ()),
    ("090 ## $aQU600TR", "holdings.call_number", ("QU600TR",)),
    ("082 ## $a160\n094 ## $a87.4z73", "classifications.scheme", ("ddc", "bbk")),
    ("100 ## $aTrần Hữu Sơn", "agents.key", ("trần hữu sơn",)),
    ("100 ## $aNguyễn, Hữu Anh", "agents.key", ("nguyễn hữu anh",)),
    ("100 ## $aNguyễn, Trãi,$d1380-1442", "agents.key", ("nguyễn trãi",)),
    ("100 ## $aLê, Lợi,$cVua Việt Nam,$d1385-1433", "agents.name", ("Lê, Lợi, Vua Việt Nam",)),
    ("100 ## $aDu, Nguyễn", "agents.key", ("nguyễn du",)),
    ("100 ## $aChristie, Agatha", "agents.key", ("agatha christie",)),
    ("100 ## $aVieth Gerhard", "agents.name", ("Vieth Gerhard",)),
    ("100 ## $aLênin V.I.", "agents.name", ("Lênin V.I.",)),
    ("100 ## $aIATA", "agents.kind", ("corporate",)),
    ("110 ## $aNhà xuất bản chính trị quốc gia", "agents", ()),
    ("700 ## $aTS Nguyễn Hải Quang", "agents.name", ("Nguyễn Hải Quang",)),
    ("700 ## $aTh.S Lê Văn An", "agents.name", ("Lê Văn An",)),
    ("700 ## $aPGS.TS Lê Văn An", "agents.name", ("Lê Văn An",)),
    ("700 ## $aNCS Lê Văn An", "agents.name", ("Lê Văn An",)),
    ("700 ## $aTrần Ngọc Hiên...[và những người khác]", "agents.name", ("Trần Ngọc Hiên",)),
    ("250 ## $aTái bản lần thứ IV", "edition_statement", "Tái bản lần thứ IV"),
    ("250 ## $aTái bản có sửa chữa, bổ sung", "edition_statement", "Tái bản có sửa chữa, bổ sung"),
    ("260 ## $aH.:$bVăn học,$c2012", "publication.place_key", "hà nội"),
    ("260 ## $a:$bVăn học,$c2012", "publication.place", ""),
    ("300 ## $a614tr.;$c20.5cm", "extent", "614tr.; 20.5cm"),
    ("300 ## $aiii,84tr.:$bHình ảnh", "extent", "iii,84tr.: Hình ảnh"),
    ("300 ## $atr.;", "extent", ""),
    ("650 ## $aTruyện cổ người Tày", "subjects", ()),
    ("653 ## $aLễ tục - Người dao - Lào Cai", "subjects.text", ("Lễ tục - Người dao - Lào Cai",)),
    ("852 ## $aHKVN$bKho_Muon$jHK000001", "holdings.accession_number", ("HK000001",)),
    ("927 ## $aLA", "type", "thesis"),
    ("927 ## $aTT", "type", "serial"),
    ("927 ## $aSH", "type", "book"),
    ("911 ## $aLan\n912 ## $aHoa\n900 ## $a1", "notes", ()),
]
YEARS = [
    ("2011", 2011, None), ("", None, None), ("20003", None, None), ("19930", None, None), ("19?", None, None),
    ("c005.", None, None), ("[1963-65]", 1963, 1965), ("/c1989", 1989, None), ("2002 - 2003", 2002, 2003),
    ("2006._Tủ sách dạy nghề", 2006, None), ("2004 + e1CD-ROM", 2004, None), ("2004" + " " * 180 + "dd", 2004, None),
]  # fmt: skip
SAIGON = (
    "Tp.HCM:", "Tp.Hồ Chí Minh:", "TpHCM:", "Tp.HCM.:", "Tp Hồ Chí Minh:", "TP.HCM.:", "Tp:Hồ Chí Minh:",
    "Yp.Hồ Chí Minh:", "HTp.HCM:", "Sài Gòn :",
)  # fmt: skip
PUBLISHERS = [
    ("Văn hóa dân tộc,", "Văn hóa Dân tộc,", "Văn Hóa Dân tộc", "văn hóa dân tộc", "Văn hóa-Dân tộc", "Văn hoá dân tộc",
     "Nxb. Văn hóa dân tộc"),
    ("Văn hóa thông tin", "Văn hóa - Thông tin", "Văn hóa-thông tin", "VHTT"),
    ("Chính trị quốc gia", "Chính trị Quốc gia", "Chính trị quốc gia - Sự thật", "CTQG"),
]  # fmt: skip
STATEMENTS = [
    ("Dương Sách (sưu tầm, biên dịch)", [("Dương Sách", ("col", "trl"))]),
    ("Cb.: Lý Vĩnh,...", [("Lý Vĩnh", ("edt",))]),
    ("Nhiều tác giả", []),
    ("Lê Lợi kể ; Nguyễn Trãi ghi", [("Lê Lợi", ("nrt",)), ("Nguyễn Trãi", ("trc",))]),
]


@pytest.mark.parametrize(("lines", "path", "value"), HABITS, ids=[lines[:50] for lines, _path, _value in HABITS])
def test_a_habit_is_understood(lines: str, path: str, value: Any) -> None:
    assert read(map_lines(TITLE + lines), path) == value


@pytest.mark.parametrize(("written", "first", "last"), YEARS, ids=[written[:12] for written, _f, _l in YEARS])
def test_what_stands_where_a_year_should(written: str, first: int | None, last: int | None) -> None:
    publication = map_lines(f"{TITLE}260 ## $aH.$bVăn học$c{written}").publication
    assert (publication.year, publication.year_end) == (first, last)


@pytest.mark.parametrize("written", SAIGON)
def test_every_spelling_of_the_city_is_one_place(written: str) -> None:
    assert map_lines(f"{TITLE}260 ## $a{written}").publication.place_key == "tp hồ chí minh"


@pytest.mark.parametrize("spellings", PUBLISHERS, ids=[spellings[0] for spellings in PUBLISHERS])
def test_every_spelling_of_a_house_is_one_publisher(spellings: tuple[str, ...]) -> None:
    keys = {map_lines(f"{TITLE}260 ## $b{written}").publication.publisher_key for written in spellings}
    assert len(keys) == 1


@pytest.mark.parametrize(("statement", "named"), STATEMENTS, ids=[statement for statement, _named in STATEMENTS])
def test_the_statement_of_responsibility_names_them_where_no_field_does(statement: str, named: list[Any]) -> None:
    record = map_lines(f"245 ## $aTruyện cổ người Tày/$c{statement}")
    assert [(agent.name, agent.roles) for agent in record.agents] == named


def test_a_partners_own_field_of_shelf_ranges_is_its_practice() -> None:
    partner = Partner(id="laocai", name={"vi": "Lào Cai"}, practice={"accession_field": "928$a"})
    record = map_lines(f"{TITLE}928 ## $aVV-D2/00063-65", partner)
    assert record.holdings[0].accession_number == "VV-D2/00063-65"
