"""UNIMARC and CNMARC: from the bytes of either to a Record."""

from typing import Any

import pytest

from indexer.crosswalks import map_record
from indexer.crosswalks.unimarc import FIELDS
from indexer.crosswalks.unimarc_agents import ROLES
from lienthu.outcome import Failed, Mapped, Skipped
from lienthu.partner import Partner
from lienthu.record import Record
from tests.indexer.crosswalks.marc_writing import read, write_iso2709, write_raw

LEADER = "00000nam0 2200000   450 "
CHINESE = """001 hh1
010 ## $a978-7-02-000220-7$dCNY25.00
100 ## $a20050412d2005    em y0chiy0110    ea
101 0# $achi
200 1# $a红楼梦$AHong Lou Meng$e校注本$f曹雪芹著$g高鹗续$h第二册
210 ## $a北京$c人民文学出版社$d2005
215 ## $a3册 (1606页)$d21cm
225 2# $a世界文学名著文库
300 ## $a根据程甲本校订
330 ## $a中国古典小说的代表作
606 0# $a章回小说$y中国$z清代
690 ## $aI242.4$v5
701 #0 $a曹雪芹$ACao Xue Qin$4著
702 #0 $a高鹗$ffl. 1791$4续
905 ## $aHEKOU$b10001,10002$dI242.4$e12
"""
FRENCH = """001 FRBNF1
010 ## $a2-07-036024-8$bbr.$d12 EUR
100 ## $a19990101d1972    m  y0frey50      ba
101 0# $afre
200 1# $aL'étranger$eroman$fAlbert Camus$gtraduit par Phạm Thị Hoài
210 ## $aParis$cGallimard$d1972
215 ## $a185 p.$d18 cm
606 1# $aRoman français$z20e siècle$2rameau
676 ## $a843.912
700 #| $aCamus$bAlbert$f1913-1960$4070
702 #| $aPhạm$bThị Hoài$4730
995 ## $bMED$eSalle 2$kR CAM$f300123$o0
"""


def write(lines: str) -> bytes:
    return write_iso2709(lines, LEADER)


def encode(lines: str, encoding: str) -> bytes:
    """The record in another encoding, its directory right for those bytes."""
    fields = []
    for piece in write(lines).split(b"\x1e")[1:-1]:
        fields.append(piece.decode().encode(encoding))
    tags = [line.strip()[:3] for line in lines.strip().splitlines()]
    directory, area = b"", b""
    for tag, field in zip(tags, fields, strict=True):
        directory += f"{tag}{len(field) + 1:04d}{len(area):05d}".encode()
        area += field + b"\x1e"
    base = 25 + len(directory)
    return f"{base + len(area) + 1:05d}nam0 22{base:05d}   450 ".encode() + directory + b"\x1e" + area + b"\x1d"


def map_bytes(payload: bytes, format_name: str = "unimarc", partner: Partner | None = None) -> Record:
    outcome = map_record(write_raw(payload, format_name), partner)
    assert isinstance(outcome, Mapped), outcome
    return outcome.record


def rules(record: Record) -> list[str]:
    return [finding.rule for finding in record.findings]


def test_a_chinese_record_says_everything_it_says_in_unimarc() -> None:
    record = map_bytes(write(CHINESE))
    assert (record.title.main, record.title.subtitle, record.title.volume_key) == ("红楼梦", "校注本", "2")
    assert record.title.responsibility == "曹雪芹著 ; 高鹗续"
    assert [(agent.name, agent.roles) for agent in record.agents] == [("曹雪芹", ("aut",)), ("高鹗", ("aut",))]
    assert (record.publication.place, record.publication.publisher) == ("北京", "人民文学出版社")
    assert (record.publication.year, record.languages, record.price) == (2005, ("zh",), "CNY25.00")
    assert [(number.kind, number.value) for number in record.identifiers] == [("isbn", "9787020002207")]
    assert [(number.scheme, number.number) for number in record.classifications] == [("clc", "I242.4")]
    assert [subject.text for subject in record.subjects] == ["章回小说 - 中国 - 清代"]
    assert (record.series, record.abstract) == (("世界文学名著文库",), "中国古典小说的代表作")
    assert record.notes == ("根据程甲本校订",)
    assert [(h.location, h.call_number, h.accession_number) for h in record.holdings] == [
        ("HEKOU", "I242.4/12", "10001"),
        ("HEKOU", "I242.4/12", "10002"),
    ]
    assert rules(record) == []


def test_gb18030_and_gbk_give_the_same_record_as_utf8() -> None:
    same = map_bytes(write(CHINESE))
    for encoding in ("gb18030", "gbk"):
        record = map_bytes(encode(CHINESE, encoding))
        assert rules(record) == ["encoding-undeclared"]
        assert (record.title, record.agents, record.subjects) == (same.title, same.agents, same.subjects)
    assert "GB18030" in record.findings[0].done


def test_a_damaged_byte_in_chinese_text_is_told_and_the_rest_is_read() -> None:
    payload = encode(CHINESE, "gb18030").replace("校注本".encode("gb18030"), b"\xd0\xa3\xd7\xa2\xff ")
    record = map_bytes(payload)
    assert record.title.main == "红楼梦"
    assert "encoding-broken" in rules(record)


def test_iso_5426_puts_its_marks_before_the_letters() -> None:
    lines = FRENCH.replace("L'étranger", "L'@tranger").replace("français", "fran!ais").replace("siècle", "si`cle")
    lines = lines.replace("Phạm Thị Hoài", "Ai do").replace("$aPhạm$bThị Hoài", "$aAi$bDo")
    payload = write(lines).replace(b"@", b"\xc2e").replace(b"!", b"\xd0c").replace(b"`", b"\xc1e")
    record = map_bytes(payload)
    assert record.title.main == "L'étranger"
    assert record.subjects[0].text == "Roman français - 20e siècle"
    assert "ISO 5426" in record.findings[-1].done or any("ISO 5426" in finding.done for finding in record.findings)


def test_a_french_record_has_its_names_dates_and_copies() -> None:
    record = map_bytes(write(FRENCH))
    camus, translator = record.agents
    assert (camus.name, camus.key, camus.dates, camus.roles) == ("Camus, Albert", "albert camus", "1913-1960", ("aut",))
    assert (translator.key, translator.roles) == ("phạm thị hoài", ("trl",))
    assert (record.extent, record.price) == ("185 p. ; 18 cm", "12 EUR")
    assert [(number.scheme, number.number) for number in record.classifications] == [("ddc", "843.912")]
    copy = record.holdings[0]
    assert (copy.location, copy.call_number, copy.accession_number, copy.status) == (
        "MED, Salle 2", "R CAM", "300123", "available",
    )  # fmt: skip
    assert record.subjects[0].scheme == "rameau"


def test_unimarc_is_recognised_whatever_the_feed_calls_it() -> None:
    assert map_bytes(write(FRENCH), "marc21").title.main == "L'étranger"
    assert map_bytes(encode(CHINESE, "gb18030"), "marc21").title.main == "红楼梦"


def test_unimarc_in_xml_is_read_by_any_of_its_names() -> None:
    xml = """<mxc:record xmlns:mxc="info:lc/xmlns/marcxchange-v2" format="UNIMARC" type="Bibliographic">
      <mxc:leader>00000nam a2200000   450 </mxc:leader><mxc:controlfield tag="001">1</mxc:controlfield>
      <mxc:datafield tag="200" ind1="1" ind2=" "><mxc:subfield code="a">Le Tonkin</mxc:subfield>
      <mxc:subfield code="e">récits</mxc:subfield><mxc:subfield code="d">= Bắc Kỳ</mxc:subfield></mxc:datafield>
      <mxc:datafield tag="214" ind1=" " ind2="0"><mxc:subfield code="a">Hanoï</mxc:subfield>
      <mxc:subfield code="d">1925</mxc:subfield></mxc:datafield></mxc:record>""".encode()
    for name in ("unimarc", "unimarcxchange", "marcxml"):
        record = map_bytes(xml, name)
        assert (record.title.main, record.title.subtitle, record.title.parallel) == ("Le Tonkin", "récits", ("Bắc Kỳ",))
        assert record.publication.year == 1925


def test_findings_and_failures_name_the_partners_own_field() -> None:
    record = map_bytes(write(FRENCH.replace("2-07-036024-8", "2-07-036024-0")))
    assert [(f.rule, f.field) for f in record.findings] == [("isbn-invalid", "010$a")]
    outcome = map_record(write_raw(write("001 1\n210 ## $aParis"), "unimarc"), None)
    assert isinstance(outcome, Failed)
    assert (outcome.field, outcome.rule) == ("200$a", "title-missing")
    assert "200" in outcome.reason
    assert "245" not in outcome.reason


def test_a_price_written_behind_the_number_is_a_price() -> None:
    record = map_bytes(write(CHINESE.replace("$a978-7-02-000220-7$dCNY25.00", "$a978-7-02-000220-7 : CNY25.00")))
    assert (record.price, record.identifiers[0].value) == ("CNY25.00", "9787020002207")


def test_a_set_above_the_volume_is_its_series() -> None:
    record = map_bytes(write("200 1# $a第一册\n461 #0 $12001 $a红楼梦全集$v1"))
    assert record.series == ("红楼梦全集 ; 1",)


def test_a_partners_practice_names_its_own_fields() -> None:
    partner = Partner(
        id="hekou", name={"zh": "河口"}, practice={"accession_field": "907$b", "locations": {"HK": "河口县"}}
    )
    record = map_bytes(write("200 1# $a题名\n907 ## $b777"), partner=partner)
    assert [holding.accession_number for holding in record.holdings] == ["777"]


def test_authorities_and_deleted_records_are_skipped() -> None:
    for leader, rule in (("00000nx  a2200000   45  ", "authority"), ("00000dam0 2200000   450 ", "deleted")):
        lines = "001 1\n" + ("220 ## $aNguyễn" if rule == "authority" else "200 1# $aA")
        outcome = map_record(write_raw(write_iso2709(lines, leader), "unimarc"), None)
        assert isinstance(outcome, Skipped)
        assert outcome.rule == rule


def test_every_role_is_a_relator_code() -> None:
    assert all(len(code) == 3 and code.isalpha() for code in ROLES.values())


SMALL = "200 1# $aTitre\n"
RULES = [
    (SMALL + "010 ## $d89000đ. - 1000b", "price", "89.000 đ"),
    (SMALL + "010 ## $d89000đ. - 1000b", "print_run", "1.000"),
    (SMALL + "011 ## $a0866-7349$f0866-7349", "identifiers.value", ("0866-7349",)),
    (SMALL + "010 ## $z9786049162718", "identifiers.kind", ("other",)),
    (SMALL + "017 70 $a10.1234/ab$2doi", "identifiers.kind", ("doi",)),
    (SMALL + "071 01 $aHMV-117", "identifiers.value", ("hmv117",)),
    (SMALL + "101 1# $avie$cfre", "languages", ("vi",)),
    (SMALL + "205 ## $a2e éd.$frevue par X", "edition_statement", "2e éd. revue par X"),
    (SMALL + "206 ## $a1:50 000", "notes", ("1:50 000",)),
    (SMALL + "207 #0 $a1 (1901)-", "notes", ("1 (1901)-",)),
    (SMALL + "225 2# $aIndochine$v4", "series", ("Indochine ; 4",)),
    (SMALL + "410 #0 $tIndochine$v4", "series", ("Indochine ; 4",)),
    (SMALL + "320 ## $aBibliogr. p. 9", "notes", ("Bibliogr. p. 9",)),
    (SMALL + "326 ## $aMensuel$b1901-1910", "notes", ("Mensuel 1901-1910",)),
    (SMALL + "327 1# $aTome 1$aTome 2", "contents", "Tome 1 Tome 2"),
    (SMALL + "328 #0 $bThèse de doctorat$cHistoire$eParis 1$d1999", "type", "thesis"),
    (SMALL + "328 #0 $bThèse de doctorat$cHistoire$eParis 1$d1999", "publication.year", 1999),
    (SMALL + "105 ## $ay   m   001yy", "type", "thesis"),
    (SMALL + "106 ## $af", "type", "braille"),
    (SMALL + "330 ## $aRésumé", "abstract", "Résumé"),
    (SMALL + "100 ## $a20030101d2003    d  y0viey50      ba", "audience", "children"),
    (SMALL + "100 ## $a20030101d2003    e  y0viey50      ba", "audience", "adolescents"),
    (SMALL + "100 ## $a20030101d2003    dm y0viey50      ba", "audience", ""),
    (SMALL + "100 ## $a20030101d2003    ||| 0viey50      ba", "audience", ""),
    (SMALL + "333 ## $aLớp 5", "notes", ("Lớp 5",)),
    (SMALL + "500 10 $aTitre uniforme", "title.variants", ("Titre uniforme",)),
    (SMALL + "510 1# $aTiêu đề$eBản dịch", "title.variants", ("Tiêu đề Bản dịch",)),
    (SMALL + "517 1# $aAutre titre", "title.variants", ("Autre titre",)),
    (SMALL + "532 13 $aTitre développé", "title.variants", ("Titre développé",)),
    ("200 1# $a红楼梦$9hong lou meng", "title.variants", ("hong lou meng",)),
    (SMALL + "200 1# $7ba$aТитул", "title.variants", ("Титул",)),
    ("200 1# $aMột$aHai", "title.variants", ("Hai",)),
    ("200 1# $aToàn tập$hTập 2$iThơ", "title.part", "Thơ"),
    (SMALL + "600 #1 $aNguyễn$bDu$f1765-1820", "subjects.kind", ("person",)),
    (SMALL + "601 02 $aEFEO", "subjects.kind", ("corporate",)),
    (SMALL + "606 ## $aDao$xMoeurs$yViệt Nam$z1900-1945", "subjects.text", ("Dao - Moeurs - Việt Nam - 1900-1945",)),
    (SMALL + "607 ## $aLào Cai\n608 ## $aRomans\n610 0# $atừ khóa", "subjects.kind", ("place", "genre", "keyword")),
    (SMALL + "675 ## $a39\n676 ## $a390\n686 ## $aK1\n690 ## $aK892", "classifications.scheme",
     ("ddc", "other", "clc", "udc")),
    (SMALL + "700 #1 $aHugo$bVictor$4070", "agents.roles", (("aut",),)),
    (SMALL + "702 #1 $aHugo$bVictor$4340", "agents.roles", (("edt",),)),
    (SMALL + "710 02 $aEFEO$4651", "agents.kind", ("corporate",)),
    (SMALL + "710 12 $aHội thảo$d2$f2003", "agents.kind", ("meeting",)),
    (SMALL + "430 #0 $tTitre ancien\n440 #0 $tTitre nouveau", "relations.kind", ("earlier", "later")),
    (SMALL + "454 #1 $1001x$12001 $aOriginal title$1700 1$aGreene$bGraham", "relations.author", ("Greene, Graham",)),
    (SMALL + "454 #1 $1001x$12001 $aOriginal title", "relations.kind", ("original",)),
    (SMALL + "451 #0 $tAutre édition$y978-604-916-271-8", "relations.kind", ("edition",)),
    (SMALL + "461 #0 $tŒuvres$v3", "series", ("Œuvres ; 3",)),
    (SMALL + "856 4# $uhttps://gallica.bnf.fr/1$zAccès libre", "links.access", ("open",)),
    (SMALL + "930 ## $5751:1$bBnF$cTolbiac$a8-LK-12", "holdings.call_number", ("8-LK-12",)),
    (SMALL + "930 ## $bBnF\n955 ## $r1901-1910", "holdings.note", ("1901-1910",)),
    (SMALL + "996 ## $a777$bKho", "holdings.accession_number", ("777",)),
    (SMALL + "852 ## $bKho$j39 DAO$p888", "holdings.accession_number", ("888",)),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "path", "value"), RULES, ids=[f"{path}: {value}"[:60] for _l, path, value in RULES])
def test_the_smallest_record_shows_each_rule(lines: str, path: str, value: Any) -> None:
    assert read(map_bytes(write(lines)), path) == value


def test_an_article_stands_in_its_host_which_is_no_series() -> None:
    lines = SMALL + "461 #0 $tRevue indochinoise$x0866-7349$v12\n463 #1 $12001 $aNo 5$v5"
    record = map_bytes(write_iso2709(lines, "00000naa0 2200000   450 "))
    assert (record.type, record.series) == ("article", ())
    assert [(relation.kind, relation.title) for relation in record.relations] == [
        ("host", "Revue indochinoise"),
        ("host", "No 5"),
    ]


def test_every_field_that_is_turned_gives_pairs_of_letters() -> None:
    assert all(len(letters) % 2 == 0 for _tag, letters in FIELDS.values())
