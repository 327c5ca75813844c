"""Every rule of the crosswalks from Dublin Core in its dialects, with the smallest record that shows it."""

from typing import Any

import pytest

from indexer.crosswalks import map_record
from lienthu.outcome import Mapped
from lienthu.record import Record
from tests.indexer.crosswalks.marc_writing import read, write_raw

HEAD = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
TITLE = "<dc:title>Một tài liệu</dc:title>"


def map_xml(xml: str, format_name: str) -> Record:
    outcome = map_record(write_raw(xml.encode(), format_name), None)
    assert isinstance(outcome, Mapped), outcome
    return outcome.record


def map_inside(inside: str) -> Record:
    return map_xml(f"<qualifieddc {HEAD}>{TITLE}{inside}</qualifieddc>", "qdc")


SIMPLE = [
    ("<dc:title>Bản khác</dc:title>", "title.variants", ("Bản khác",)),
    ("<dc:type>Text</dc:type><dc:type>Thesis</dc:type>", "type", "thesis"),
    ("<dc:type>info:eu-repo/semantics/doctoralThesis</dc:type>", "type", "thesis"),
    ("<dc:type>info:eu-repo/semantics/bookPart</dc:type>", "type", "article"),
    ("<dc:type>info:eu-repo/semantics/publishedVersion</dc:type>", "type", "book"),
    ("<dc:type>http://purl.org/coar/resource_type/c_6501</dc:type>", "type", "article"),
    ("<dc:type>Bài báo đã được bình duyệt</dc:type>", "type", "article"),
    ("<dc:language>vi_VN</dc:language>", "languages", ("vi",)),
    ("<dc:format>application/pdf</dc:format><dc:format>245 p.</dc:format>", "extent", "245 p."),
    ("<dc:format>151500</dc:format>", "extent", ""),
    ("<dc:format>application/pdf https://a.vn/1.pdf</dc:format>", "extent", ""),
    ("<dc:format>application/pdf https://a.vn/1.pdf</dc:format>", "links.url", ("https://a.vn/1.pdf",)),
    ("<dc:format>345 tr. ; 21 cm. - 89000đ. - 1000b</dc:format>", "extent", "345 tr. ; 21 cm"),
    ("<dc:format>345 tr. ; 21 cm. - 89000đ. - 1000b</dc:format>", "print_run", "1.000"),
    ("<dc:relation>Working papers;ERS-2003-021</dc:relation>", "series", ("Working papers;ERS-2003-021",)),
    ("<dc:relation>Working papers;</dc:relation>", "series", ("Working papers",)),
    ("<dc:relation>January 2004</dc:relation>", "relations", ()),
    ("<dc:identifier>0866-7349</dc:identifier>", "identifiers.kind", ("issn",)),
    ("<dc:format>1.2 MB</dc:format>", "extent", ""),
    ("<dc:identifier>urn:isbn:9786049162718</dc:identifier>", "identifiers.value", ("9786049162718",)),
    ("<dc:identifier>doi:10.1234/AbC</dc:identifier>", "links.url", ("https://doi.org/10.1234/AbC",)),
    ("<dc:identifier>hdl:10625/12</dc:identifier>", "links.url", ("https://hdl.handle.net/10625/12",)),
    ("<dc:identifier>Nguyễn Văn A. Một tài liệu. Huế, 2010.</dc:identifier>", "notes",
     ("Nguyễn Văn A. Một tài liệu. Huế, 2010.",)),
    ("<dc:relation>https://ojs.vn/1/pdf</dc:relation>", "links.url", ("https://ojs.vn/1/pdf",)),
    ("<dc:relation>info:eu-repo/semantics/altIdentifier/doi/10.1234/5</dc:relation>", "identifiers.value",
     ("10.1234/5",)),
    ("<dc:relation>info:eu-repo/grantAgreement/EC/1</dc:relation>", "relations", ()),
    ("<dc:source>Tạp chí Khoa học; Tập 5, Số 2 (2010); 12-20</dc:source>", "relations.title", ("Tạp chí Khoa học",)),
    ("<dc:source>Tạp chí Khoa học; Tập 5 (2010)</dc:source><dc:source>0866-7349</dc:source>", "relations.place",
     ("Tập 5 (2010)",)),
    ("<dc:source>Persée, vol. 5, 1905</dc:source>", "relations.title", ("Persée",)),
    ("<dc:rights>info:eu-repo/semantics/openAccess</dc:rights><dc:identifier>http://a.vn/1</dc:identifier>",
     "links.access", ("open",)),
    ("<dc:rights>info:eu-repo/semantics/embargoedAccess</dc:rights><dc:identifier>http://a.vn/1</dc:identifier>",
     "links.access", ("login",)),
    ("<dc:subject>info:eu-repo/classification/ddc/959.7</dc:subject>", "classifications.number", ("959.7",)),
    ("<dc:subject>info:eu-repo/classification/ddc/959.7</dc:subject>", "subjects", ()),
    ("<dc:subject>Dao; Tày</dc:subject>", "subjects.text", ("Dao", "Tày")),
    ("<dc:subject/><dc:description>  </dc:description>", "subjects", ()),
    ("<dc:description>120 tr.</dc:description><dc:description>Tóm tắt dài hơn nhiều</dc:description>", "abstract",
     "Tóm tắt dài hơn nhiều"),
    ("<dc:creator>Nguyễn, Văn A</dc:creator>", "agents.key", ("nguyễn văn a",)),
    ("<dc:creator>Nguyễn Văn A; Trần Thị B</dc:creator>", "agents.name", ("Nguyễn Văn A", "Trần Thị B")),
    ("<dc:creator>Nguyễn Văn A (0000-0002-1825-0097)</dc:creator>", "agents.name", ("Nguyễn Văn A",)),
    ("<dc:creator>https://orcid.org/0000-0002-1825-0097</dc:creator>", "agents", ()),
    ("<dc:contributor>TS. Lê Văn C, người hướng dẫn</dc:contributor>", "agents.name", ("Lê Văn C",)),
    ("<dc:coverage>Lào Cai</dc:coverage>", "subjects.kind", ("place",)),
    ("<dc:publisher>H.:Đại học Kinh tế Quốc dân,</dc:publisher>", "publication.place", "H."),
]  # fmt: skip
QUALIFIED = [
    ("<dcterms:alternative>Tên khác</dcterms:alternative>", "title.variants", ("Tên khác",)),
    ("<dcterms:issued>2004</dcterms:issued><dcterms:available>2010</dcterms:available>", "publication.year", 2004),
    ("<dcterms:created>1999</dcterms:created><dcterms:modified>2020</dcterms:modified>", "publication.year", 1999),
    ("<dcterms:abstract>Tóm tắt</dcterms:abstract><dc:description>Ghi chú dài hơn tóm tắt</dc:description>",
     "abstract", "Tóm tắt"),
    ("<dcterms:isPartOf>Tủ sách</dcterms:isPartOf>", "series", ("Tủ sách",)),
    ("<dcterms:extent>99 tr.</dcterms:extent>", "extent", "99 tr."),
    ("<dcterms:tableOfContents>Chương 1</dcterms:tableOfContents>", "contents", "Chương 1"),
    ("<dcterms:spatial>Sa Pa</dcterms:spatial><dcterms:temporal>1945</dcterms:temporal>", "subjects.kind",
     ("place", "period")),
    ("<dcterms:bibliographicCitation>Tạp chí, 5 (2010)</dcterms:bibliographicCitation>", "notes",
     ("Tạp chí, 5 (2010)",)),
    ('<dc:subject xsi:type="dcterms:DDC">959.7</dc:subject>', "classifications.scheme", ("ddc",)),
    ('<dc:subject xsi:type="dcterms:LCSH">Yao</dc:subject>', "subjects.text", ("Yao",)),
    ("<dcterms:replaces>Tên trước</dcterms:replaces><dcterms:isReplacedBy>Tên sau</dcterms:isReplacedBy>",
     "relations.kind", ("earlier", "later")),
    ("<dcterms:provenance>Submitted by Lan (lan@a.vn)</dcterms:provenance>", "notes", ()),
    ("<dcterms:accessRights>Open access</dcterms:accessRights><dc:identifier>http://a.vn/1</dc:identifier>",
     "links.access", ("open",)),
]  # fmt: skip
EVERYTHING = SIMPLE + QUALIFIED


@pytest.mark.parametrize(("inside", "path", "value"), EVERYTHING, ids=[f"{p}: {v}"[:60] for _i, p, v in EVERYTHING])
def test_the_smallest_record_shows_each_rule(inside: str, path: str, value: Any) -> None:
    assert read(map_inside(inside), path) == value


def test_the_title_in_the_documents_own_language_leads_and_the_other_is_parallel() -> None:
    titles = '<dc:title xml:lang="en-US">Forests</dc:title><dc:title xml:lang="vi-VN">Rừng núi</dc:title>'
    record = map_xml(f"<dc {HEAD}>{titles}<dc:language>vie</dc:language></dc>", "oai_dc")
    assert (record.title.main, record.title.parallel) == ("Rừng núi", ("Forests",))
    record = map_xml(f"<dc {HEAD}>{titles}</dc>", "oai_dc")
    assert (record.title.main, record.title.parallel) == ("Forests", ("Rừng núi",))


def write_field(element: str, qualifier: str, value: str) -> str:
    return f'<dim:field mdschema="dc" element="{element}" qualifier="{qualifier}">{value}</dim:field>'


DIM = [
    ("title", "alternative", "Tên khác", "title.variants", ("Tên khác",)),
    ("contributor", "author", "Lê Văn C", "agents.name", ("Lê Văn C",)),
    ("contributor", "advisor", "Lê Văn C", "agents.roles", (("ths",),)),
    ("date", "issued", "2004", "publication.year", 2004),
    ("date", "accessioned", "2010-11-30T20:09:05Z", "publication.year", None),
    ("description", "abstract", "Tóm tắt", "abstract", "Tóm tắt"),
    ("description", "provenance", "Submitted by Lan (lan@a.vn)", "notes", ()),
    ("identifier", "isbn", "9786049162718", "identifiers.kind", ("isbn",)),
    ("identifier", "uri", "http://a.vn/handle/1", "holdings.url", ("http://a.vn/handle/1",)),
    ("identifier", "citation", "Lê (2004)", "notes", ("Lê (2004)",)),
    ("relation", "ispartofseries", "Tủ sách;1", "series", ("Tủ sách;1",)),
    ("subject", "ddc", "959.7", "classifications.number", ("959.7",)),
    ("subject", "other", "Dao", "subjects.text", ("Dao",)),
    ("language", "iso", "vi", "languages", ("vi",)),
    ("format", "extent", "99 tr.", "extent", "99 tr."),
]


@pytest.mark.parametrize(("element", "qualifier", "written", "path", "value"), DIM, ids=[f"{d[0]}.{d[1]}" for d in DIM])
def test_dim_says_by_its_qualifiers_what_an_element_is(
    element: str, qualifier: str, written: str, path: str, value: Any
) -> None:
    fields = write_field("title", "", "Một tài liệu") + write_field(element, qualifier, written)
    dim = f'<dim:dim xmlns:dim="http://www.dspace.org/xmlns/dspace/dim">{fields}</dim:dim>'
    assert read(map_xml(dim, "dim"), path) == value


def test_xoai_says_the_same_in_nested_elements() -> None:
    def nest(*names: str, value: str) -> str:
        inner = f'<field name="value">{value}</field><field name="authority">x</field>'
        for name in reversed(names):
            inner = f'<element name="{name}">{inner}</element>'
        return inner

    inside = (
        nest("dc", "title", "vi", value="Một tài liệu")
        + nest("dc", "date", "issued", "none", value="2004")
        + nest("dc", "date", "accessioned", "none", value="2010")
        + nest("dc", "description", "provenance", "none", value="Submitted by Lan")
        + nest("bundles", "bundle", "none", value="x.pdf")
    )
    record = map_xml(f'<metadata xmlns="http://www.lyncode.com/xoai">{inside}</metadata>', "xoai")
    assert (record.title.main, record.publication.year, record.notes) == ("Một tài liệu", 2004, ())


EDM = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:dcterms="http://purl.org/dc/terms/" xmlns:edm="http://www.europeana.eu/schemas/edm/"
 xmlns:ore="http://www.openarchives.org/ore/terms/" xmlns:skos="http://www.w3.org/2004/02/skos/core#">
<edm:ProvidedCHO rdf:about="#1"><dc:title>Le Tonkin</dc:title><dc:creator rdf:resource="#a"/>
<dc:language>fr</dc:language>
{inside}<edm:type>TEXT</edm:type></edm:ProvidedCHO>
<ore:Aggregation><edm:aggregatedCHO rdf:resource="#1"/><edm:dataProvider>BnF</edm:dataProvider>
<edm:isShownAt rdf:resource="https://gallica.bnf.fr/1"/><edm:object rdf:resource="https://gallica.bnf.fr/1.jpg"/>
<edm:rights rdf:resource="http://creativecommons.org/publicdomain/mark/1.0/"/></ore:Aggregation>
<edm:Agent rdf:about="#a"><skos:prefLabel xml:lang="en">Bonifacy (en)</skos:prefLabel>
<skos:prefLabel xml:lang="fr">Bonifacy, Auguste</skos:prefLabel></edm:Agent></rdf:RDF>"""


def test_edm_puts_together_the_document_its_aggregation_and_what_they_refer_to() -> None:
    record = map_xml(EDM.replace("{inside}", "<dcterms:issued>1904</dcterms:issued>"), "edm")
    assert (record.title.main, record.type, record.publication.year, record.languages) == (
        "Le Tonkin", "book", 1904, ("fr",),
    )  # fmt: skip
    assert [agent.name for agent in record.agents] == ["Bonifacy, Auguste"]
    assert [(copy.url, copy.access) for copy in record.holdings] == [("https://gallica.bnf.fr/1", "open")]
    assert record.notes == ("BnF",)


@pytest.mark.parametrize(("kind", "type_"), [("IMAGE", "picture"), ("SOUND", "sound"), ("VIDEO", "video")])
def test_edm_type_tells_the_type_where_nothing_better_does(kind: str, type_: str) -> None:
    assert map_xml(EDM.replace("{inside}", "").replace("TEXT", kind), "edm").type == type_
    assert map_xml(EDM.replace("{inside}", "<dc:type>map</dc:type>").replace("TEXT", kind), "edm").type == "map"


def test_ese_is_the_same_in_one_flat_record() -> None:
    record = map_xml(
        f'<europeana:record xmlns:europeana="http://www.europeana.eu/schemas/ese/" {HEAD}>{TITLE}'
        "<dc:creator>Tô Hoài</dc:creator><europeana:isShownAt>https://a.eu/1</europeana:isShownAt>"
        "<europeana:type>IMAGE</europeana:type><europeana:dataProvider>Musée</europeana:dataProvider>"
        "<europeana:rights>http://www.europeana.eu/rights/rr-f/</europeana:rights></europeana:record>",
        "ese",
    )
    assert (record.title.main, record.type, record.notes) == ("Một tài liệu", "picture", ("Musée",))
    assert record.holdings[0].url == "https://a.eu/1"
