"""Where a document is: its copies by library, nearest first, and whether it can be had now, in words.

Nearest first is the order of partners.toml, which begins with the home library. A status is only as true as the day on
which it was harvested, so that day is always said; where the status is not known, the reader is told whom to ask.
"""

from collections.abc import Mapping, Sequence
from datetime import date, tzinfo
from urllib.parse import unquote

import msgspec

from lienthu.edition import Edition
from lienthu.holding import Holding, Status
from lienthu.partner import Partner
from web.language import Language
from web.presenters.dates import format_time_as_day
from web.presenters.links import (
    Links,
    build_partner_record_address,
    build_telephone_address,
    keep_web_address,
    split_reference,
)
from web.presenters.stays import place_copies
from web.presenters.words import ONLINE_ACCESS, STATUSES

LIBRARIES_SHOWN = 3
COPIES_SHOWN = 8
STATUS_ORDER: tuple[Status, ...] = ("available", "reference", "unknown", "on_loan")
"""What is most use to a reader first: a library that can be asked is worth more than a copy that is surely out."""


class Reader(msgspec.Struct, frozen=True):
    """For whom a page is made: language, links, the library's time zone, the partners in order, home first, and the
    day it is there (None: days do not matter)."""

    language: Language
    links: Links
    zone: tzinfo
    partners: Mapping[str, Partner]
    today: date | None = None


class Place(msgspec.Struct, frozen=True):
    """One line of a result row: can I have it, and where. ``status`` picks the sign; the words say the same."""

    status: str
    words: str
    library: str = ""
    as_of: str = ""


class Copies(msgspec.Struct, frozen=True, kw_only=True):
    """Copies that stand in one place with one call number and one status."""

    call_number: str
    location: str
    accession_numbers: tuple[str, ...]
    count: str
    status: str
    status_words: str
    as_of: str
    note: str


class OnlineCopy(msgspec.Struct, frozen=True):
    """A way to read it on a screen; ``address`` is http or https."""

    words: str
    address: str
    host: str
    library: str


class LibraryHoldings(msgspec.Struct, frozen=True, kw_only=True):
    """All that one library has of it. ``ask`` says that some status is unknown and a telephone number helps;
    ``summary`` is empty where one line of copies says it all."""

    name: str
    tag: str
    summary: str
    status: str
    copies: tuple[Copies, ...]
    more: tuple[Copies, ...]
    more_words: str
    ask: bool
    phone: str
    phone_address: str
    record_address: str


def order_libraries(edition: Edition, partners: Mapping[str, Partner]) -> tuple[str, ...]:
    """The libraries that have it, nearest first; one that partners.toml no longer names stands last."""
    owners = dict.fromkeys((*edition.partner_ids, *(holding.partner_id for holding in edition.holdings)))
    if len(owners) == 1:
        return tuple(owners)
    known = [partner_id for partner_id in partners if partner_id in owners]
    return (*known, *(partner_id for partner_id in owners if partner_id not in partners))


def present_place(edition: Edition, libraries: Sequence[str], reader: Reader) -> Place:
    """The nearest of *libraries* (in order) where it can be had now, else the nearest that has it at all."""
    printed = place_copies([copy for copy in edition.holdings if not copy.url], reader.today, reader.language)
    if not printed:
        return Place(
            "unknown", reader.language.say("Ask the library"), _name_library(next(iter(libraries), ""), reader)
        )
    best = min(printed, key=lambda copy: (STATUS_ORDER.index(copy.status), libraries.index(copy.partner_id)))
    alike = [copy for copy in printed if copy.status == best.status and copy.partner_id == best.partner_id]
    return _present_place(alike, best.status, best.partner_id, reader)


def count_other_libraries(libraries: Sequence[str], reader: Reader) -> str:
    """*3 thư viện khác*, or the empty string."""
    others = len(libraries) - 1
    if others < 1:
        return ""
    return reader.language.say_many("{n} other library", "{n} other libraries", others)


def present_online(edition: Edition, reader: Reader) -> tuple[OnlineCopy, ...]:
    """The ways to read it on a screen, open ones first, each address once. A link whose access nobody states is only
    something about the document: :func:`list_other_links`."""
    ways: dict[str, OnlineCopy] = {}
    links = [(link.url, link.label, link.access, "") for link in edition.links if link.access != "unknown"]
    held = [(copy.url, copy.label, copy.access, copy.partner_id) for copy in edition.holdings if copy.url]
    ranks = {"open": 0, "unknown": 1, "login": 2}
    for url, label, access, partner_id in sorted((*held, *links), key=lambda way: ranks.get(way[2], 1)):
        address = keep_web_address(url)
        if address and address not in ways:
            words = label or reader.language.say(ONLINE_ACCESS.get(access, ONLINE_ACCESS["unknown"]))
            if label and access == "login":
                words = reader.language.say("{label} (login required)", label=label)
            host = address.split("/")[2].rpartition("@")[2]
            ways[address] = OnlineCopy(words, address, host, _name_library(partner_id, reader) if partner_id else "")
    return tuple(ways.values())


def name_online_access(edition: Edition, reader: Reader) -> str:
    """*Đọc trực tuyến*, for a result row; empty where nothing can be read on a screen."""
    ways: list[tuple[str, str]] = [(link.url, link.access) for link in edition.links if link.access != "unknown"]
    ways += [(copy.url, copy.access) for copy in edition.holdings if copy.url]
    for best in ("open", "unknown", "login"):
        if any(access == best and keep_web_address(url) for url, access in ways):
            return reader.language.say(ONLINE_ACCESS[best])
    return ""


def list_other_links(edition: Edition, reader: Reader) -> tuple[tuple[str, str], ...]:
    """(words, address) of what leads to something about the document: not to read it, nor a library's page of it."""
    shown = {unquote(way.address) for way in present_online(edition, reader)}
    for member in edition.members:
        partner_id, _, source_id = split_reference(member)
        if partner_id in reader.partners:
            shown.add(unquote(build_partner_record_address(reader.partners[partner_id].record_url, source_id)))
    links = [(link.label, keep_web_address(link.url)) for link in edition.links]
    return tuple((label or address, address) for label, address in links if address and unquote(address) not in shown)


def present_libraries(edition: Edition, reader: Reader) -> tuple[LibraryHoldings, ...]:
    """Every library that has it, nearest first."""
    return tuple(
        _present_library(partner_id, edition, reader) for partner_id in order_libraries(edition, reader.partners)
    )


def _printed_at(edition: Edition, partner_id: str) -> list[Holding]:
    return [copy for copy in edition.holdings if copy.partner_id == partner_id and not copy.url]


def _name_library(partner_id: str, reader: Reader) -> str:
    partner = reader.partners.get(partner_id)
    return partner.name_in(reader.language.code) if partner else partner_id


def _present_place(copies: Sequence[Holding], status: Status, partner_id: str, reader: Reader) -> Place:
    name = _name_library(partner_id, reader)
    locations = {copy.location for copy in copies}
    location = next(iter(locations)) if len(locations) == 1 else ""
    if location:
        name = reader.language.say("{library} ({location})", library=name, location=location)
    as_of = "" if status == "unknown" else _say_as_of(copies, reader)
    return Place(status, _say_status(status, len(copies), reader.language), name, as_of)


def _say_status(status: Status, count: int, language: Language) -> str:
    """*Còn 2 bản*; for the row and for the head of a library."""
    if status == "available":
        return language.say_many("{n} copy available", "{n} copies available", count)
    if status == "on_loan":
        return language.say_many("On loan ({n} copy)", "On loan ({n} copies)", count)
    if status == "reference":
        return language.say_many("Reference only ({n} copy)", "Reference only ({n} copies)", count)
    return language.say_many("{n} copy, ask the library", "{n} copies, ask the library", count)


def _say_as_of(copies: Sequence[Holding], reader: Reader) -> str:
    """The oldest of the days, because that is how far the words can be trusted."""
    oldest = min((copy.as_of for copy in copies if copy.as_of), default="")
    day = format_time_as_day(oldest, reader.language.code, reader.zone)
    return reader.language.say("as of {date}", date=day) if day else ""


def _present_library(partner_id: str, edition: Edition, reader: Reader) -> LibraryHoldings:
    language, partner = reader.language, reader.partners.get(partner_id)
    printed = place_copies(_printed_at(edition, partner_id), reader.today, language)
    groups = _group_copies(printed, reader)
    statuses = [status for status in STATUS_ORDER if any(copy.status == status for copy in printed)]
    first = statuses[0] if statuses else "unknown"
    told = [copy for copy in printed if copy.status == first]
    phone = partner.phone if partner else ""
    return LibraryHoldings(
        name=_name_library(partner_id, reader),
        tag=_find_name_tag(partner, language),
        summary=_summarise(first, len(told), len(groups), language),
        status=first,
        copies=groups[:COPIES_SHOWN],
        more=groups[COPIES_SHOWN:],
        more_words=language.say_many("See {n} more", "See {n} more", max(len(groups) - COPIES_SHOWN, 0)),
        ask=not printed or "unknown" in statuses,
        phone=phone,
        phone_address=build_telephone_address(phone),
        record_address=_find_record_address(partner, edition),
    )


def _summarise(status: Status, count: int, lines: int, language: Language) -> str:
    """One line of copies needs no summary; no copies at all need a word."""
    if lines == 1:
        return ""
    return _say_status(status, count, language) if count else language.say("Ask the library")


def _find_name_tag(partner: Partner | None, language: Language) -> str:
    """The ``lang`` of the library's name, where it is shown in another language than the page's."""
    if partner is None or partner.name.get(language.code):
        return ""
    return "vi" if partner.name.get("vi") else next(iter(partner.name), "")


def _find_record_address(partner: Partner | None, edition: Edition) -> str:
    """The library's own page of it: of its first record here."""
    if partner is None:
        return ""
    for member in edition.members:
        partner_id, _, source_id = split_reference(member)
        if partner_id == partner.id:
            return build_partner_record_address(partner.record_url, source_id)
    return ""


def _group_copies(printed: Sequence[Holding], reader: Reader) -> tuple[Copies, ...]:
    """Copies that a reader cannot tell apart are one line with a number."""
    groups: dict[tuple[str, str, str, str, str], list[Holding]] = {}
    for copy in printed:
        key = (copy.location, copy.call_number, copy.status, copy.note, copy.as_of[:10])
        groups.setdefault(key, []).append(copy)
    order = {status: place for place, status in enumerate(STATUS_ORDER)}
    language = reader.language
    return tuple(
        Copies(
            call_number=alike[0].call_number,
            location=alike[0].location,
            accession_numbers=tuple(copy.accession_number for copy in alike if copy.accession_number),
            count=language.say_many("{n} copy", "{n} copies", len(alike)),
            status=alike[0].status,
            status_words=language.say(STATUSES[alike[0].status]),
            as_of="" if alike[0].status == "unknown" else _say_as_of(alike, reader),
            note=alike[0].note,
        )
        for alike in sorted(groups.values(), key=lambda alike: order[alike[0].status])
    )
