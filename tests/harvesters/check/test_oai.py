"""A check of an OAI-PMH server names each fault of its table, and finds none where there is none."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from lienthu.fault_rules import RULES
from tests.harvesters.check.sound_library import SoundLibrary, build_library, find_faults, look_at
from tests.servers.oai_server import Handler, serve_library


def on(verb: str, old: str, new: str) -> Callable[[dict[str, str], str], str]:
    """Answers to *verb* have *new* for the first *old*."""
    return lambda query, answer: answer.replace(old, new, 1) if query.get("verb") == verb else answer


def always(old: str, new: str) -> Callable[[dict[str, str], str], str]:
    return lambda query, answer: answer.replace(old, new)


def fail_at(question: bytes) -> Callable[[int, bytes, Handler], bool]:
    def act(number: int, body: bytes, handler: Handler) -> bool:
        is_asked = question in handler.path.encode()
        if is_asked:
            handler.send(b"java.lang.NullPointerException", status=500)
        return is_asked

    return act


def cut_second_page(number: int, body: bytes, handler: Handler) -> bool:
    if b"cursor='10'" not in body or b"<ListRecords>" not in body:
        return False
    handler.send(body[: len(body) // 2])
    return True


def send_pages_for_people(number: int, body: bytes, handler: Handler) -> bool:
    handler.send(b"<html><body>Maintenance</body></html>", kind="text/html")
    return True


def ask_to_wait(number: int, body: bytes, handler: Handler) -> bool:
    handler.send(b"", status=503, Retry_After="7200")
    return True


def forget_tokens_at_once() -> Callable[[dict[str, str], str], str]:
    seen: set[str] = set()

    def spoil(query: dict[str, str], answer: str) -> str:
        token = query.get("resumptionToken", "")
        if query.get("verb") == "ListRecords" and token and token in seen:
            return answer.replace("<ListRecords>", '<error code="badResumptionToken">used</error><Nothing>').replace(
                "</ListRecords>", "</Nothing>"
            )
        seen.add(token)
        return answer

    return spoil


def refuse_dates(query: dict[str, str], answer: str) -> str:
    if "from" not in query:
        return answer
    refusal = '<error code="badArgument">no dates</error><Nothing>'
    return answer.replace("<ListIdentifiers>", refusal).replace("</ListIdentifiers>", "</Nothing>")


def first_records_again(library: SoundLibrary) -> SoundLibrary:
    sound = library.spoil

    def spoil(query: dict[str, str], answer: str) -> str:
        if query.get("verb") == "ListRecords" and "resumptionToken" in query:
            return library._answer_soundly({"verb": "ListRecords", "metadataPrefix": "marcxml"})
        return sound(query, answer)

    library.spoil = spoil
    return library


SPOILT: dict[str, Callable[[], SoundLibrary]] = {
    "earliest-wrong": lambda: build_library(spoil=always("earliestDatestamp", "strEarliestDatestamp")),
    "identify-incomplete": lambda: build_library(spoil=on("Identify", "<adminEmail>a@x.example</adminEmail>", "")),
    "granularity-wrong": lambda: build_library(granularity="YYYY"),
    "datestamp-granularity": lambda: build_library(granularity="YYYY-MM-DD"),
    "name-escaped": lambda: build_library(name="Th&amp;#432; vi&amp;#7879;n"),
    "clock-wrong": lambda: build_library(spoil=on("Identify", "<responseDate>20", "<responseDate>19")),
    "response-date-wrong": lambda: build_library(spoil=on("Identify", "Z</responseDate>", ".123+00:00</responseDate>")),
    "sets-unlisted": lambda: build_library(fault=fail_at(b"verb=ListSets")),
    "deletions-untold": lambda: build_library(spoil=on("Identify", "persistent", "no")),
    "namespace-wrong": lambda: build_library(spoil=always("http://www.openarchives.org/OAI/2.0/", "urn:other")),
    "text-after-end": lambda: build_library(spoil=lambda query, answer: f"{answer}<br />\n<b>Notice</b>: x.php"),
    "xml-ill-formed": lambda: build_library(spoil=on("ListRecords", ">Sách 2<", ">Sách & bút <1><")),
    "oai-dc-missing": lambda: build_library(formats=("marcxml",)),
    "marc-missing": lambda: build_library(formats=("oai_dc",)),
    "formats-unlisted": lambda: build_library(spoil=always("metadataPrefix>", "prefix>")),
    "identifier-localhost": lambda: build_library(spoil=always("thuvien.example", "localhost")),
    "identifier-repeated": lambda: build_library(spoil=on("ListRecords", "example:2<", "example:1<")),
    "identifier-missing": lambda: build_library(spoil=on("ListRecords", "oai:thuvien.example:2<", "<")),
    "datestamp-wrong": lambda: build_library(spoil=on("ListRecords", "2024-01-03T02:00:00Z", "hôm qua")),
    "metadata-missing": lambda: build_library(spoil=always("metadata>", "about>")),
    "get-record-fails": lambda: build_library(spoil=on("GetRecord", "GetRecord>", "Nothing>")),
    "bad-verb-unanswered": lambda: build_library(spoil=on("ListNothing", "badVerb", "badArgument")),
    "bad-format-unanswered": lambda: build_library(
        spoil=on("ListIdentifiers", "cannotDisseminateFormat", "noRecordsMatch")
    ),
    "error-code-invented": lambda: build_library(dead_after=1, dead_code="badResumptionToken2"),
    "token-dead": lambda: build_library(dead_after=1),
    "token-repeats": lambda: build_library(make_token=lambda start, arguments: "10|"),
    "token-once": lambda: build_library(spoil=forget_tokens_at_once()),
    "token-ignored": lambda: first_records_again(build_library()),
    "list-capped": lambda: build_library(1100, page_size=500, cap=1000, states_total=False),
    "list-short": lambda: build_library(lie=100),
    "end-unmarked": lambda: build_library(closing_token=False, states_total=False),
    "total-unstated": lambda: build_library(states_total=False),
    "dates-ignored": lambda: build_library(heeds_dates=False),
    "dates-refused": lambda: build_library(spoil=refuse_dates),
    "dates-lose": lambda: build_library(
        spoil=lambda query, answer: answer.replace("example:1<", "example:x<") if "from" in query else answer
    ),
    "list-refused": lambda: build_library(
        spoil=on("ListRecords", "<ListRecords>", '<error code="badArgument">no</error><ListRecords>')
    ),
    "no-records": lambda: build_library(0),
    "document-type": lambda: build_library(spoil=always("<OAI-PMH", '<!DOCTYPE OAI-PMH [<!ENTITY x "y">]><OAI-PMH')),
    "answer-cut": lambda: build_library(fault=cut_second_page),
    "not-this-protocol": lambda: build_library(fault=send_pages_for_people),
    "asks-to-wait": lambda: build_library(fault=ask_to_wait),
}


@pytest.mark.parametrize("verb", ["GetRecord", "ListSets", "ListNothing"])
def test_what_no_harvest_asks_for_does_not_stand_in_its_way(verb: str) -> None:
    found = find_faults(build_library(fault=fail_at(f"verb={verb}".encode())))
    assert len(found) == 1
    assert "not-reached" not in found


def test_a_clock_that_is_right_is_not_called_wrong_for_its_form() -> None:
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}.123+00:00"
    library = build_library(spoil=lambda query, answer: re.sub("(<responseDate>)[^<]*", rf"\g<1>{now}", answer))
    assert set(find_faults(library)) == {"response-date-wrong"}


@pytest.mark.parametrize("rule", SPOILT)
def test_a_fault_is_named(rule: str) -> None:
    assert rule in find_faults(SPOILT[rule]())


def test_a_sound_server_has_no_fault() -> None:
    assert find_faults(build_library()) == {}


def test_the_records_of_the_first_pages_come_with_the_examination() -> None:
    with serve_library(build_library(95)) as server:
        examination, records = look_at(f"{server.url}?verb=Identify")
    facts = {fact.name: fact.value for fact in examination.facts}
    assert (examination.kind, examination.reached, len(records)) == ("oai-pmh", True, 30)
    assert (facts["server"], facts["format"], facts["total"]) == ("Library", "marcxml", "95")


def test_no_more_than_some_twenty_requests_are_made() -> None:
    library = build_library(2_000)
    with serve_library(library) as server:
        look_at(server.url)
    assert len(library.requests) <= 28


def test_what_cannot_be_reached_is_told() -> None:
    examination, records = look_at("http://127.0.0.1:9/oai")
    assert (examination.reached, records) == (False, [])
    assert [fault.rule for fault in examination.faults] == ["not-reached"]


def test_every_rule_has_a_section_and_is_translated() -> None:
    from lienthu.fault_rules import tell_fault

    for rule in RULES.values():
        assert rule.section
        for language in ("vi", "zh"):
            meaning, mending = tell_fault(rule.slug, language)
            assert meaning not in {rule.meaning, ""}
            assert mending not in {rule.mending, ""}
