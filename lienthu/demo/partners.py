"""Writes the demo's partners.toml and, beside it, the school's ISO 2709 file and the list of a bookcase on rotation."""

from datetime import date
from pathlib import Path

from lienthu.demo.bookcase import write_bookcase_list
from lienthu.demo.cataloguing import compose_school_fields
from lienthu.demo.library import list_deposits
from lienthu.demo.marc_writer import build_leader, write_iso2709
from lienthu.demo.servers import DemoServers

SCHOOL_FILE = "truong.mrc"
BOOKCASE_LIST = "tu-sach-luan-chuyen.csv"
_PARTNERS = """\
# Three sample partners. Everything here is sample data on this computer; no library is contacted.

[[partner]]
id = "laocai"
name = {{vi = "Thư viện tỉnh Lào Cai (dữ liệu mẫu)", en = "Lào Cai Provincial Library (sample data)", zh = "老街省图书馆（示例数据）"}}
country = "VN"
area = "Lào Cai"
type = "public"
subjects = ["địa chí"]
record_url = "{oai_url}?verb=GetRecord&metadataPrefix=marcxml&identifier={{source_id}}"
phone = "0000 000 001 (số mẫu)"
licence = "metadata-only"

[partner.practice]
accession_field = "852$j"
locations = {{Kho_Muon = "Kho mượn", Kho_DiaChi = "Kho địa chí", Kho_ThieuNhi = "Kho thiếu nhi"}}
withheld = {{field = "926$a", values = ["M"]}}

[[partner.feed]]
id = "oai"
protocol = "oai-pmh"
url = "{oai_url}"
format = "marcxml"
delay = 0

[[partner.feed]]
id = "luan-chuyen"
protocol = "file"
path = "{bookcase_list}"
deletions = "snapshot"
delay = 0

[[partner]]
id = "daihoc"
name = {{vi = "Thư viện Đại học (thư viện mẫu)", en = "University Library (sample library)", zh = "大学图书馆（示例馆）"}}
country = "VN"
area = "Lào Cai"
type = "university"
homepage = "{catalogue_url}"
record_url = "{catalogue_url}{{source_id}}"
phone = "0000 000 002 (số mẫu)"
licence = "metadata-only"

[[partner.feed]]
id = "web"
protocol = "spider"
url = "{catalogue_url}sach"
deletions = "sweep"
delay = 0

[[partner]]
id = "truong"
name = {{vi = "Thư viện Trường PTDTBT TH&THCS (thư viện mẫu)", en = "Ethnic boarding school library (sample library)", zh = "民族寄宿学校图书馆（示例馆）"}}
country = "VN"
area = "Lào Cai"
type = "school"
phone = "0000 000 003 (số mẫu)"
licence = "metadata-only"

[[partner.feed]]
id = "file"
protocol = "file"
path = "{school_file}"
format = "marc21"
deletions = "snapshot"
delay = 0
"""  # noqa: E501


def write_demo_partners(folder: Path, servers: DemoServers) -> Path:
    """Makes *folder* where needed; gives the path of the partners file."""
    folder.mkdir(parents=True, exist_ok=True)
    school_file = (folder / SCHOOL_FILE).resolve()
    school_file.write_bytes(write_school_file())
    bookcase_list = (folder / BOOKCASE_LIST).resolve()
    bookcase_list.write_bytes(write_bookcase_list(date.today()))
    path = folder / "partners.toml"
    text = _PARTNERS.format(
        oai_url=servers.oai_url,
        catalogue_url=servers.catalogue_url,
        school_file=school_file.as_posix(),
        bookcase_list=bookcase_list.as_posix(),
    )
    path.write_text(text, encoding="utf-8")
    return path


def write_school_file() -> bytes:
    """The school's whole catalogue in ISO 2709, one record after another."""
    return b"".join(
        write_iso2709(build_leader(book.kind), compose_school_fields(book, copies))
        for book, copies in list_deposits("truong")
    )
