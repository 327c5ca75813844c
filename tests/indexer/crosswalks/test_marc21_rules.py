"""Every rule of the crosswalk from MARC 21, with the smallest record that shows it."""

from typing import Any

import pytest

from lienthu.outcome import Skipped
from tests.indexer.crosswalks.marc_writing import LEADER, map_lines, outcome_of, read

TITLE = "245 ## $aSách\n"


LINKED = [
    ("245 00 $6880-01$aHong lou meng\n880 00 $6245-01/$1$a红楼梦 /$c曹雪芹著", "title.parallel", ("红楼梦",)),
    ("245 00 $aX yz\n246 3# $6880-02$aAb\n880 3# $6246-02$a石头记", "title.variants", ("Ab", "石头记")),
    (TITLE + "880 1# $6100-01$a曹雪芹$4aut", "agents.name", ("曹雪芹",)),
    (TITLE + "880 ## $6260-02/$1$a北京 :$b人民文学出版社,$c2005", "publication.linked", "北京 : 人民文学出版社, 2005"),
    (TITLE + "880 #1 $6264-02$a北京 :$b作家", "publication.linked", "北京 : 作家"),
    (TITLE + "880 ## $6260-02/$1$a[&#x5317;&#x4EAC;]$c[2003]", "publication.linked", "北京 2003"),
    (TITLE + "880 #4 $6264-02$c©2005", "publication.linked", ""),
    (TITLE + "490 1# $aCongshu\n880 1# $6490-03$a丛书 ;$v2", "series", ("Congshu", "丛书 ; 2")),
    (TITLE + "650 #0 $aMiao\n880 #0 $6650-04$a苗族", "subjects.text", ("Miao", "苗族")),
    (TITLE + "500 ## $aA note\n880 ## $6500-05$a附注", "notes", ("A note", "附注")),
    (TITLE + "520 ## $aIn short.\n880 ## $6520-06$a提要", "abstract", "In short. 提要"),
]
TITLES = [
    ("245 ## $aToán cao cấp.$nTập 1,$pĐại số", "title.part", "Đại số"),
    ("245 ## $aToán cao cấp.$nPhần 2.$nTập 1", "title.volume_key", "2/1"),
    ("245 ## $aToán cao cấp. Tập 1 : Đại số", "title.volume_key", "1"),
    ("245 10 $aLoong Boonmee$h[video] =$bUncle Boonmee", "title.parallel", ("Uncle Boonmee",)),
    ("245 ## $kThư từ,$f1930-1945", "title.main", "Thư từ"),
    (TITLE + "246 3# $iTên khác:$aBa", "title.variants", ("Ba",)),
    (TITLE + "130 0# $aKinh Thi", "title.variants", ("Kinh Thi",)),
    (TITLE + "240 10 $aLes misérables.$lVietnamien", "title.variants", ("Les misérables",)),
    (TITLE + "222 #0 $aNghiên cứu lịch sử", "title.variants", ("Nghiên cứu lịch sử",)),
    (TITLE + "247 10 $aTên cũ", "title.variants", ("Tên cũ",)),
    (TITLE + "730 0# $aKinh Thư", "title.variants", ("Kinh Thư",)),
    (TITLE + "740 0# $aPhụ lục thơ", "title.variants", ("Phụ lục thơ",)),
    (TITLE + "700 12 $aNam Cao.$tChí Phèo", "title.variants", ("Chí Phèo",)),
    (TITLE + "250 ## $aTái bản lần thứ IV,$bcó sửa chữa", "edition_statement", "Tái bản lần thứ IV, có sửa chữa"),
    (TITLE + "250 ## $a1. Aufl.", "edition_statement", "1. Aufl."),
]
SERIES = [
    (TITLE + "490 0# $aTủ sách Vàng ;$vtập 3", "series", ("Tủ sách Vàng ; tập 3",)),
    (TITLE + "440 #0 $aTủ sách Vàng", "series", ("Tủ sách Vàng",)),
    (TITLE + "830 #0 $aTủ sách Vàng", "series", ("Tủ sách Vàng",)),
    (TITLE + "490 1# $aPaper ;$v3\n830 #0 $aPaper (World Bank) ;$v3", "series", ("Paper ; 3",)),
    (TITLE + "490 1# $aPaper\n830 #0 $aTechnical papers", "series", ("Paper", "Technical papers")),
    (TITLE + "800 1# $aTô Hoài.$tTuyển tập ;$v2", "series", ("Tô Hoài. Tuyển tập ; 2",)),
]
PUBLICATION = [
    (TITLE + "264 #1 $aH. :$bKim Đồng,$c2020\n264 #4 $c©2019", "publication.year", 2020),
    (TITLE + "264 #2 $aX :$bNhà phân phối\n264 #1 $aHuế :$bThuận Hóa", "publication.publisher", "Thuận Hóa"),
    (TITLE + "260 ## $aBerlin [u.a.] :$bSpringer,$c1998", "publication.place", "Berlin"),
    (TITLE + "260 ## $aH.$c2004" + " " * 80 + "dd", "publication.year", 2004),
    (TITLE + "260 ## $c20003", "publication.year", None),
    (TITLE + "502 ## $aLuận án tiến sĩ, Đại học Huế, 2011", "publication.year", 2011),
    (TITLE + "300 ## $a614tr.;$c20.5cm", "extent", "614tr.; 20.5cm"),
    (TITLE + "300 ## $atr.;", "extent", ""),
    (TITLE + "300 ## $a345 S.$bIll.$c24 cm", "extent", "345 S. : Ill. ; 24 cm"),
    (TITLE + "773 0# $tTạp chí$gSố 2 (2010), tr. 45-52", "publication.year", 2010),
    (TITLE + "773 0# $tTạp chí$gtr. 1045-1052", "publication.year", None),
    (TITLE + "020 ## $c61.000đ", "price", "61.000 đ"),
]
NOTES = [
    (TITLE + "500 ## $aCó phụ lục", "notes", ("Có phụ lục",)),
    (TITLE + "502 ## $bTiến sĩ$cĐại học Huế$d2011", "notes", ("Tiến sĩ Đại học Huế 2011",)),
    (TITLE + "504 ## $aThư mục: tr. 99", "notes", ("Thư mục: tr. 99",)),
    (TITLE + "521 ## $aDành cho lớp 5", "notes", ("Dành cho lớp 5",)),
    (TITLE + "546 ## $aChính văn bằng tiếng Dao", "notes", ("Chính văn bằng tiếng Dao",)),
    (TITLE + "255 ## $aTỉ lệ 1:50.000$cE 103", "notes", ("Tỉ lệ 1:50.000 E 103",)),
    (TITLE + "310 ## $aHàng tháng", "notes", ("Hàng tháng",)),
    (TITLE + "362 0# $aSố 1 (1990)-", "notes", ("Số 1 (1990)-",)),
    (TITLE + "561 1# $aThư viện cũ của Pasquier", "notes", ("Thư viện cũ của Pasquier",)),
    (TITLE + "561 0# $aMua của bà Lan", "notes", ()),
    (TITLE + "541 ## $aMua\n583 ## $kLan\n588 ## $aTheo số 1\n590 ## $a[cat: Lan]\n912 ## $aLan", "notes", ()),
    (TITLE + "505 0# $gTập 1.$tThơ /$rTố Hữu --$tVăn", "contents", "Tập 1. Thơ / Tố Hữu -- Văn"),
    (TITLE + "520 ## $aVề người Dao.$bChi tiết.", "abstract", "Về người Dao. Chi tiết."),
]
AGENTS = [
    (TITLE + "700 1# $aNguyễn Du,$edịch giả$4aut", "agents.roles", (("aut",),)),
    (TITLE + "700 1# $aNguyễn Du,$engười dịch", "agents.roles", (("trl",),)),
    (TITLE + "700 1# $aGrass, Günter$eHerausgeber", "agents.roles", (("edt",),)),
    (TITLE + "700 1# $aCamus, Albert,$etraducteur", "agents.roles", (("trl",),)),
    (TITLE + "700 1# $aRowling$4http://id.loc.gov/vocabulary/relators/ill", "agents.roles", (("ill",),)),
    (TITLE + "710 2# $aViện Dân tộc học.$bPhòng Tư liệu", "agents.name", ("Viện Dân tộc học. Phòng Tư liệu",)),
    (TITLE + "711 2# $aHội thảo Sa Pa$d(2003 :$cLào Cai)", "agents.kind", ("meeting",)),
    (TITLE + "110 ## $aNhà xuất bản Kim Đồng", "agents", ()),
    (TITLE + "700 12 $aNam Cao.$tChí Phèo", "agents", ()),
    (TITLE + "100 1# $aTrần Hữu Sơn$cTS", "agents.name", ("Trần Hữu Sơn",)),
    (TITLE + "720 ## $aTô Hoài", "agents.name", ("Tô Hoài",)),
]
SUBJECTS = [
    (TITLE + "650 #0 $aDao (People)$zVietnam$xHistory", "subjects.text", ("Dao (People) - Vietnam - History",)),
    (TITLE + "650 #0 $aA b\n650 #2 $aC d\n650 #7 $aE f$2fast", "subjects.scheme", ("lcsh", "mesh", "fast")),
    (TITLE + "600 10 $aHồ Chí Minh\n651 #4 $aLào Cai\n655 #7 $aThơ\n648 #7 $a1945", "subjects.kind",
     ("person", "period", "place", "genre")),
    (TITLE + "653 ## $aLễ hội; Người Dao", "subjects.text", ("Lễ hội", "Người Dao")),
    (TITLE + "082 04 $a390.09597$223\n084 ## $aK892$2clc\n050 #4 $aGN1\n080 ## $a39", "classifications.scheme",
     ("ddc", "clc", "udc", "lcc")),
    (TITLE + "090 ## $a398.8 TH459C\n094 ## $a84(1)7-44", "classifications.number", ("398.8", "84(1)7-44")),
]  # fmt: skip
IDENTIFIERS = [
    (TITLE + "020 ## $a9786049162718", "identifiers.kind", ("isbn",)),
    (TITLE + "020 ## $z9786049162718", "identifiers.kind", ("other",)),
    (TITLE + "022 0# $a0866-7349$l0866-7349$y1111-1111", "identifiers.value", ("0866-7349", "1111-1111")),
    (TITLE + "024 7# $ahttps://doi.org/10.1234/AB$2doi", "identifiers.value", ("10.1234/ab",)),
    (TITLE + "856 40 $uhttps://doi.org/10.6028/NBS.1", "identifiers.value", ("10.6028/nbs.1",)),
    (TITLE + "024 2# $aM-2306-7118-7", "identifiers.kind", ("ismn",)),
    (TITLE + "010 ## $a  2012032594", "identifiers.kind", ("lccn",)),
    (TITLE + "035 ## $a(OCoLC)49576820", "identifiers.value", ("ocolc49576820",)),
    (TITLE + "028 02 $aHMV-117$bHãng phim", "identifiers.value", ("hmv117",)),
    (TITLE + "088 ## $aNASA-TM-1", "identifiers.value", ("nasatm1",)),
]
RELATIONS = [
    (TITLE + "773 0# $tTạp chí Dân tộc học.$gSố 2 (2010), tr. 5-9$x0866-7349", "relations.place",
     ("Số 2 (2010), tr. 5-9",)),
    (TITLE + "773 0# $tTạp chí$x0866-7349", "relations.numbers", ((("issn", "0866-7349"),),)),
    (TITLE + "780 00 $tTên trước\n785 00 $tTên sau", "relations.kind", ("earlier", "later")),
    (TITLE + "765 0# $aHugo, Victor.$tLes misérables", "relations.author", ("Hugo, Victor",)),
    (TITLE + "775 08 $iBản tiếng Anh:$tIn English", "relations.label", ("Bản tiếng Anh",)),
    (TITLE + "776 08 $iPrint version:$w(DLC)1", "relations", ()),
    (TITLE + "880 0# $6773-01$t民族研究", "relations.title", ("民族研究",)),
]  # fmt: skip
HOLDINGS = [
    (TITLE + "852 ## $aHKVN$bKho_Muon$jHK1", "holdings.accession_number", ("HK1",)),
    (TITLE + "952 ## $aLC$cĐịa chí$o959$pLC1$q2026-12-24", "holdings.status", ("on_loan",)),
    (TITLE + "952 ## $a49365496$bYALE UNIV$hFull", "holdings.location", ("",)),
    (TITLE + "949 ## $lSTACKS$mPATTEE$i1", "holdings.location", ("PATTEE, STACKS",)),
    (TITLE + "949 ## $aHF1$i0001$lSTACKS$o.STAFF. hỏi Lan", "holdings.location", ("STACKS",)),
    (TITLE + "876 ## $p0002$lKho 2", "holdings.accession_number", ("0002",)),
    (TITLE + "999 ## $aTL526$wLC$c1$i3900$mALDERMAN$lSTACKS$kCHECKEDOUT", "holdings.status", ("on_loan",)),
    (TITLE + "999 ## $c123$d123", "holdings.accession_number", ("",)),
    (TITLE + "AVA ## $bMAIN$qThư viện chính$cTầng 2$d895.9$eavailable", "holdings.location",
     ("Thư viện chính, Tầng 2",)),
    (TITLE + "HLD ## $bKho đọc$h895.9$jHK2", "holdings.call_number", ("895.9",)),
    (TITLE + "852 ## $bK\n866 #0 $a1990-2001\n867 #0 $aPhụ trương 1995", "holdings.note",
     ("1990-2001; Phụ trương 1995",)),
]  # fmt: skip
LINKS = [
    (TITLE + "856 40 $uhttps://a.vn/1$3Toàn văn$zCần đăng nhập", "links.access", ("login",)),
    (TITLE + "856 40 $uhttps://a.vn/1$yĐọc trực tuyến", "links.label", ("Đọc trực tuyến",)),
    (TITLE + "856 40 $uhttps://a.vn/1$70", "links.access", ("open",)),
    (TITLE + "856 42 $uhttps://a.vn/mucluc", "holdings.url", ("",)),
    (TITLE + "856 40 $uftp://a.vn/1", "links", ()),
]
PRICES = [
    (TITLE + "300 ## $a345 tr. ;$c21 cm. - 89000đ. - 1000b", "extent", "345 tr. ; 21 cm"),
    (TITLE + "300 ## $a345 tr. ;$c21 cm. - 89000đ. - 1000b", "price", "89.000 đ"),
    (TITLE + "300 ## $a345 tr. ;$c21 cm. - 89000đ. - 1000b", "print_run", "1.000"),
]
TYPES = [
    (TITLE + "502 ## $aLuận án", "type", "thesis"),
    (TITLE + "927 ## $aTT", "type", "serial"),
    (TITLE + "007 fb", "type", "braille"),
    (TITLE + "336 ## $atactile text$btct", "type", "braille"),
]
EVERYTHING = (
    LINKED + TITLES + SERIES + PUBLICATION + NOTES + AGENTS + SUBJECTS + IDENTIFIERS + RELATIONS + HOLDINGS + LINKS
    + PRICES + TYPES
)  # fmt: skip


@pytest.mark.parametrize(("lines", "path", "value"), EVERYTHING, ids=[f"{p}: {v}"[:60] for _l, p, v in EVERYTHING])
def test_the_smallest_record_shows_each_rule(lines: str, path: str, value: Any) -> None:
    found = read(map_lines(lines), path)
    if path == "relations.numbers":
        found = tuple([tuple([(number.kind, number.value) for number in numbers]) for numbers in found])
    assert found == value


@pytest.mark.parametrize(
    ("lines", "authors", "publisher", "also"),
    [
        ("710 2# $aKim Đồng$4pbl", [], "Kim Đồng", ()),
        ("260 ## $bTrẻ\n710 2# $aKim Đồng$eNhà xuất bản", [], "Trẻ", ("Kim Đồng",)),
        ("260 ## $bKim Đồng\n710 2# $aNxb. Kim Đồng$4pbl", [], "Kim Đồng", ()),
        ("110 ## $aNhà xuất bản Trẻ\n245 ## $aSách /$cTô Hoài Nam", ["Tô Hoài Nam"], "Nhà xuất bản Trẻ", ()),
        ("110 2# $aWorld Bank\n710 2# $aWorld Bank$4pbl", ["World Bank"], "", ()),
        ("700 1# $aNguyễn Văn An$4aut$4pbl", ["Nguyễn Văn An"], "", ()),
    ],
)
def test_who_only_published_is_the_publisher_and_no_author(
    lines: str, authors: list[str], publisher: str, also: tuple[str, ...]
) -> None:
    record = map_lines(lines if "245" in lines else TITLE + lines)
    assert [agent.name for agent in record.agents] == authors
    assert (record.publication.publisher, record.publication.also) == (publisher, also)


@pytest.mark.parametrize(
    ("letter", "audience"),
    [("a", "children"), ("b", "children"), ("c", "children"), ("j", "children"), ("d", "adolescents"), ("e", ""),
     ("g", ""), ("|", ""), ("#", ""), (" ", "")],
)  # fmt: skip
def test_008_22_tells_for_whom_a_book_is(letter: str, audience: str) -> None:
    assert map_lines(f"008 040101s2004    vm     {letter}     000 0 vie d\n{TITLE}").audience == audience


@pytest.mark.parametrize("kind", ["as", "ab", "em", "pc"])
def test_008_22_of_a_serial_or_a_map_tells_something_else(kind: str) -> None:
    leader = f"{LEADER[:6]}{kind}{LEADER[8:]}"
    assert map_lines(f"008 040101s2004    vm     a     000 0 vie d\n{TITLE}", leader=leader).audience == ""


@pytest.mark.parametrize(
    ("field", "audience"),
    [("521 8# $aDành cho lứa tuổi 6 - 10", "children"), ("521 1# $a003-006", "children"), ("521 1# $a3-6", "children"),
     ("521 ## $aJuvenile.", "children"), ("521 ## $aTừ 16 tuổi trở lên", "adolescents"), ("521 ## $a18+ tuổi", ""),
     ("521 ## $aDành cho phụ huynh và giáo viên mầm non", ""), ("521 ## $aYoung adult", "adolescents"),
     ("521 ## $a适合6-9岁儿童", "children"), ("521 ## $aCán bộ lâm nghiệp", "")],
)  # fmt: skip
def test_521_tells_for_whom_a_book_is(field: str, audience: str) -> None:
    assert map_lines(TITLE + field).audience == audience


@pytest.mark.parametrize(
    ("field", "kind"),
    [("336 ## $acartographic image$bcri", "map"), ("336 ## $aspoken word", "sound"), ("245 ## $h[video]", "video")],
)
def test_where_the_leader_is_silent_other_fields_tell_the_type(field: str, kind: str) -> None:
    assert map_lines(TITLE + field, leader="00000n   a2200000 a 4500").type == kind


@pytest.mark.parametrize(
    ("letter", "kind"),
    [("a", "book"), ("c", "score"), ("e", "map"), ("g", "video"), ("i", "sound"), ("k", "picture"), ("t", "manuscript"),
     ("m", "electronic"), ("r", "object")],
)  # fmt: skip
def test_leader_06_tells_the_type(letter: str, kind: str) -> None:
    assert map_lines(TITLE, leader=f"{LEADER[:6]}{letter}{LEADER[7:]}").type == kind


@pytest.mark.parametrize(
    ("letter", "rule"),
    [("z", "authority"), ("q", "community"), ("w", "classification"), ("u", "holdings"), ("v", "holdings"),
     ("x", "holdings"), ("y", "holdings")],
)  # fmt: skip
def test_what_is_not_bibliographic_is_skipped_with_a_reason(letter: str, rule: str) -> None:
    outcome = outcome_of("150 ## $aNgười Dao", leader=f"{LEADER[:6]}{letter}{LEADER[7:]}")
    assert isinstance(outcome, Skipped)
    assert outcome.rule == rule
    assert letter in outcome.reason


def test_a_deleted_record_is_skipped() -> None:
    outcome = outcome_of(TITLE, leader=f"{LEADER[:5]}d{LEADER[6:]}")
    assert isinstance(outcome, Skipped)
    assert outcome.rule == "deleted"
