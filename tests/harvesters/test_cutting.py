"""A page that is cut gives the very same records as its tree; whatever is unusual is left to the tree."""

import random
from pathlib import Path

import pytest

from harvesters.faults import PassingFault
from harvesters.oai_pmh import response
from harvesters.oai_pmh.cutting import MOST_ROOTS, cut_page
from harvesters.oai_pmh.envelope import Envelope
from harvesters.oai_pmh.response import OaiResponse
from lienthu.errors import HarvestError

MARC = (
    '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a22</leader><controlfield tag="001">7'
    '</controlfield><datafield tag="245" ind1="1" ind2=" "><subfield code="a">{}</subfield></datafield></record>'
)
DC = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xsi:schemaLocation="a b">\n  <dc:title xml:lang="vi">{}</dc:title>\n</oai_dc:dc>'
)
HEADER = "<header><identifier>oai:x:{}</identifier><datestamp>2024-01-01</datestamp>{}</header>"
ROOT = (
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="c d">'
)


def build_page(*payloads: str, root: str = ROOT, sets: str = "", prefix: str = "") -> bytes:
    records = "\n".join(
        f"<record>{HEADER.format(place, sets)}<metadata>\n{payload}\n</metadata></record>"
        for place, payload in enumerate(payloads)
    )
    page = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{root}<responseDate>2026-01-01T00:00:00Z</responseDate>'
        f'<ListRecords>{records}<resumptionToken completeListSize="9">t</resumptionToken></ListRecords></OAI-PMH>\n'
    )
    return page.encode()


def read_by_tree(monkeypatch: pytest.MonkeyPatch, body: bytes) -> list[Envelope]:
    with monkeypatch.context() as patch:
        patch.setattr(response, "cut_page", lambda body: None)
        return list(OaiResponse(None, {"verb": "ListRecords"}, body).read_entries())


@pytest.mark.parametrize("shape", [MARC, DC])
@pytest.mark.parametrize(
    "title",
    [
        "Đất rừng phương Nam",
        "A &amp; B &lt; C &gt; D",
        "bare > and \"quotes\" and 'apostrophes'",
        "&quot;q&quot; &apos;a&apos;",
        "&#272;&#x1ea5;t &#65533; &#128; &#x1F600;",
        "&#65;&#38;&#x3c;&#10;&#9;&#13;",
        " = parallel = \"x\" ='y' xmlns",
        "",
        "two\nlines\tand tabs",
        "\u0085\u00a0\u2028\ufeff\U0010fffd",
    ],
)
def test_a_cut_page_gives_what_its_tree_gives(monkeypatch: pytest.MonkeyPatch, shape: str, title: str) -> None:
    page = build_page(shape.format(title), shape.format("2"), sets="<setSpec>a:b</setSpec><setSpec>c</setSpec>")
    cut = cut_page(page)
    assert cut is not None
    assert cut.envelopes == read_by_tree(monkeypatch, page)
    assert cut.envelopes[0].sets == ("a:b", "c")


@pytest.mark.parametrize(
    "payload",
    [
        "<record><metadata>inner</metadata></record>",
        "<a/><b/>",
        "<a>1</a><a>2</a>",
        "<a><a>1</a></a>",
        "<a   x = '1'   y='2'><b></b><c />t</a>",
        '<a x="1" xmlns="u" y="&quot;&amp;">t<b xmlns="v" xmlns:c="w"><c:d/></b></a>',
        "<a><![CDATA[<b>]]></a>",
        "<a><!-- <record> --><b/></a>",
        "<a/>",
        "text",
        "<a>\r\n</a>",
        "<a>x</a><?php notice ?>",
        '<dc xmlns:dc="u"><dc:dc>1</dc:dc><dcx>2</dcx></dc>',
        "<a><b><a>1</a></b></a>",
        "<a><a/>1<b></b></a >",
        '<a><b xml:id="1 2">t</b></a>',
        '<a x="1>2"><b y="3>4">t</b></a>',
        "<a><b\nx='1'>t</b\n></a>",
        '<a><b x="&#233;&amp;">t</b></a>',
        "<b>" * 300 + "deep" + "</b>" * 300,
        f"<r><record>{HEADER.format(7, '')}<metadata><r>inner</r></metadata></record></r>",
        f"<a><![CDATA[</a></metadata></record><record>{HEADER.format(7, '')}<metadata><a>inner]]></a>",
        "<a><!-- </a></metadata></record> --><b>t</b></a>",
    ],
)
def test_an_unusual_payload_is_read_the_same_by_either_way(monkeypatch: pytest.MonkeyPatch, payload: str) -> None:
    page = build_page(payload, MARC.format("sound"))
    found = list(OaiResponse(None, {"verb": "ListRecords"}, page).read_entries())
    assert found == read_by_tree(monkeypatch, page)
    assert len(found) == 2


@pytest.mark.parametrize(
    "hidden",
    [
        "<request><!-- <ListRecords> --></request>",
        "<request><![CDATA[<ListRecords>]]></request>",
        "<?ask <ListRecords> ?>",
        f"<!-- <ListRecords><record>{HEADER.format(7, '')}</record></ListRecords> -->",
    ],
)
def test_a_list_that_a_comment_speaks_of_is_no_list(monkeypatch: pytest.MonkeyPatch, hidden: str) -> None:
    page = build_page(MARC.format("1"), root=ROOT + hidden)
    found = list(OaiResponse(None, {"verb": "ListRecords"}, page).read_entries())
    assert [envelope.identifier for envelope in found] == ["oai:x:0"]
    assert found == read_by_tree(monkeypatch, page)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_pages_with_a_byte_order_mark_are_read_the_same_by_either_way(
    monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    page = build_page(MARC.format("Đất"), MARC.format("2")).decode().replace(' encoding="UTF-8"', "").encode(encoding)
    assert (cut_page(page) is not None) == (encoding == "utf-8-sig")
    found = list(OaiResponse(None, {"verb": "ListRecords"}, page).read_entries())
    assert found == read_by_tree(monkeypatch, page)
    assert "Đất" in (found[0].payload or b"").decode()


def test_a_bare_sign_in_the_name_of_a_set_is_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    page = build_page(MARC.format("1"), sets="<setSpec>>a></setSpec><setSpec>b</setSpec>")
    cut = cut_page(page)
    assert cut is not None
    assert cut.envelopes[0].sets == (">a>", "b")
    assert cut.envelopes == read_by_tree(monkeypatch, page)


def test_a_page_in_which_every_payload_has_a_root_of_its_own_is_read_by_its_tree(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    payloads = [f'<a{place} x="{place}">t</a{place}>' for place in range(MOST_ROOTS + 1)]
    assert cut_page(build_page(*payloads[1:])) is not None
    assert cut_page(build_page(*payloads)) is None
    roots = [f'<a x="{place}">t</a>' for place in range(MOST_ROOTS + 1)]
    cut = cut_page(build_page(*roots))
    assert cut is not None
    assert cut.envelopes == read_by_tree(monkeypatch, build_page(*roots))


@pytest.mark.parametrize(
    "damage",
    [
        ("</leader>", "</leadre>"),
        ('tag="001"', 'tag="001" tag="002"'),
        ("<leader>", "<x:leader>"),
        ("<leader>", "<leader>\x01"),
        ("<leader>", "<leader>&nbsp;"),
        ("<OAI-PMH", '<!DOCTYPE x [<!ENTITY y "z">]><OAI-PMH'),
        ("</OAI-PMH>", "</OAI-PMH>more"),
    ],
)
def test_a_page_that_is_not_sound_is_not_cut(damage: tuple[str, str]) -> None:
    page = build_page(MARC.format("1"))
    assert cut_page(page) is not None
    assert cut_page(page.decode().replace(*damage, 1).encode()) is None


def test_prefixes_deleted_records_and_namespaces_of_the_root_are_cut_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    header = '<o:header status="deleted"><o:identifier>1</o:identifier><o:datestamp>2024-01-01</o:datestamp></o:header>'
    living = header.replace(' status="deleted"', "")
    page = (
        '<o:OAI-PMH xmlns:o="http://www.openarchives.org/OAI/2.0/" xmlns:m="u"><o:ListRecords>\n'
        f"<o:record>{header}</o:record> <o:record>{header}<o:metadata><m:x>1</m:x></o:metadata></o:record>"
        f"<o:record>{living}"
        "<o:metadata><m:x>1</m:x></o:metadata></o:record>"
        "</o:ListRecords></o:OAI-PMH>"
    ).encode()
    cut = cut_page(page)
    assert cut is not None
    assert cut.envelopes == read_by_tree(monkeypatch, page)
    assert [envelope.payload for envelope in cut.envelopes][:2] == [None, None]
    assert b'xmlns:m="u"' in (cut.envelopes[2].payload or b"")


def test_damaged_pages_are_never_cut_into_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(5)
    page = build_page(MARC.format("Sách &amp; vở"), DC.format("&#272;ất"), MARC.format("3"))
    pieces = [
        b"<",
        b">",
        b"&",
        b'"',
        b"'",
        b"/",
        b" ",
        b"<a>",
        b"</a>",
        b"<b/>",
        b"\r",
        b"=",
        b"xmlns",
        b"<!--",
        b"\xff",
    ]
    compared = 0
    for _ in range(3000):
        place = chance.randrange(len(page))
        damaged = page[:place] + chance.choice(pieces) + page[place + chance.randrange(3) :]
        cut = cut_page(damaged)
        if cut is not None:
            compared += 1
            assert cut.envelopes == read_by_tree(monkeypatch, damaged), damaged
    assert compared > 200


def test_random_pages_give_the_same_by_either_way(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(11)
    texts = ["t", "a &amp; b", "&#272;", "&#65;", "a > b", "\n  ", "&quot;", "<![CDATA[</a>]]>", "<!-- </a> -->", ""]
    spaces = ["", "", "", ' x="1"', ' x="1" y="2"', " x='1'", ' y="a>b"', ' xmlns="u"', ' xml:lang="vi"']

    def build_element(depth: int) -> str:
        name = chance.choice(["a", "b", "record", "metadata", "ListRecords"])
        inside = "".join(
            build_element(depth - 1) if depth and chance.random() < 0.6 else chance.choice(texts)
            for _ in range(chance.randrange(4))
        )
        return f"<{name}{chance.choice(spaces)}>{inside}</{name}>"

    compared = 0
    for _ in range(3000):
        page = build_page(*(build_element(2) for _ in range(chance.randrange(1, 4))))
        cut = cut_page(page)
        if cut is not None:
            compared += 1
            assert cut.envelopes == read_by_tree(monkeypatch, page), page
    assert compared > 500


@pytest.mark.shared
def test_captured_pages_of_real_servers_give_the_same_by_either_way(
    monkeypatch: pytest.MonkeyPatch, shared_data: Path
) -> None:
    cut = 0
    for path in (shared_data / "oai").rglob("*.xml"):
        body = path.read_bytes()
        if b"<ListRecords" not in body:
            continue
        try:
            by_tree = read_by_tree(monkeypatch, body)
        except (PassingFault, HarvestError):
            assert cut_page(body) is None, path.name
            continue
        found = cut_page(body)
        cut += found is not None
        assert found is None or found.envelopes == by_tree, path.name
    assert cut > 5
