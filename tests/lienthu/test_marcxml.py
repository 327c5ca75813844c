"""Reading MARCXML and oai_marc."""

import pytest

from lienthu.marc import MarcError
from lienthu.marcxml import read_marcxml

SLIM = 'xmlns="http://www.loc.gov/MARC21/slim"'


def test_namespaces_do_not_matter() -> None:
    inner = (
        '<{p}leader>00000nam a2200000 a 4500</{p}leader><{p}controlfield tag="001">X1</{p}controlfield>'
        '<{p}datafield tag="245" ind1="1" ind2="0"><{p}subfield code="a">Truyện Kiều</{p}subfield></{p}datafield>'
    )
    for payload in (
        f"<record {SLIM}>{inner.format(p='')}</record>",
        f"<record>{inner.format(p='')}</record>",
        f'<m:record xmlns:m="http://www.loc.gov/MARC21/slim">{inner.format(p="m:")}</m:record>',
        f"<collection {SLIM}><record>{inner.format(p='')}</record></collection>",
    ):
        record = read_marcxml(payload.encode())
        assert record.control("001") == "X1"
        assert record.get("245")[0].first("a") == "Truyện Kiều"
        assert record.findings == []


def test_oai_marc_is_the_same_in_other_words() -> None:
    record = read_marcxml(
        b'<oai_marc xmlns="http://www.openarchives.org/OAI/1.1/oai_marc" status="n" type="a" level="m">'
        b'<fixfield id="001">"X1"</fixfield>'
        b'<varfield id="245" i1="1" i2="0"><subfield label="a">Kieu</subfield></varfield>'
        b"</oai_marc>"
    )
    assert record.leader[5:8] == "nam"
    assert record.control("001") == "X1"
    assert record.get("245")[0].first("a") == "Kieu"


def test_broken_xml_is_read_as_far_as_it_goes_with_a_finding() -> None:
    record = read_marcxml(
        b'<record><leader>00000nam a2200000 a 4500</leader><datafield tag="245" ind1="1" ind2="0">'
        b'<subfield code="a">A < B & C</subfield></datafield></record>'
    )
    assert record.get("245")[0].first("a").startswith("A")
    assert "xml-broken" in {finding.rule for finding in record.findings}


@pytest.mark.parametrize("payload", [b"", b"<a/>", b"no xml at all", b"<record/>", b"<!DOCTYPE x"])
def test_what_is_no_marc_is_refused_in_words(payload: bytes) -> None:
    with pytest.raises(MarcError):
        read_marcxml(payload)


def test_no_entity_is_fetched_or_expanded(tmp_path: object) -> None:
    payload = (
        b'<!DOCTYPE r [<!ENTITY secret SYSTEM "file:///etc/hostname">]><record>'
        b"<leader>00000nam a2200000 a 4500</leader>"
        b'<datafield tag="245" ind1=" " ind2=" "><subfield code="a">x&secret;y</subfield></datafield></record>'
    )
    assert read_marcxml(payload).get("245")[0].first("a") in ("x", "xy", "x&secret;y")
