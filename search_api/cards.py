"""The answers of the JSON API: what a machine reads, and the published schema. Encoded as they stand."""

from collections.abc import Iterable, Mapping

import msgspec

from lienthu.edition import Edition, Topics
from lienthu.harvest_run import HarvestCounts, HarvestRun
from lienthu.holding import Holding
from lienthu.partner import Partner
from lienthu.raw_record import RawRecord, build_reference
from lienthu.record import Agent, Classification, Identifier, Link, Publication, Relation, Subject, Title
from lienthu.search import FacetValue
from search_api.answer import Answer, FeedStanding, Found, PartnerStanding
from search_api.labels import label_facet
from search_api.public_record import PublicPayload, show_payload
from search_api.service import RecordAnswer

Partners = Mapping[str, Partner]
WITHHELD_RULE = "withheld"
"""Of records that their partner's practice keeps from the public."""


class EditionCard(msgspec.Struct, frozen=True, kw_only=True):
    """An edition in short. ``title`` is the main title, ``authors`` the names as written, ``year`` null where it is
    not known, ``language`` the first of ``languages``, ``records`` the members as ``partner/feed/source_id``."""

    id: str
    title: str
    subtitle: str
    volume: str
    authors: tuple[str, ...]
    year: int | None
    publisher: str
    language: str
    languages: tuple[str, ...]
    type: str
    holdings: tuple[Holding, ...]
    records: tuple[str, ...]


class EditionDescription(EditionCard, frozen=True, kw_only=True):
    """An edition with everything its libraries say of it."""

    title_parts: Title
    agents: tuple[Agent, ...]
    publication: Publication
    edition_statement: str
    subjects: tuple[Subject, ...]
    classifications: tuple[Classification, ...]
    identifiers: tuple[Identifier, ...]
    extent: str
    series: tuple[str, ...]
    abstract: str
    contents: str
    notes: tuple[str, ...]
    price: str
    print_run: str
    links: tuple[Link, ...]
    relations: tuple[Relation, ...]
    topics: Topics


class HitCard(msgspec.Struct, frozen=True):
    """``highlights`` maps ``title``, ``subtitle`` or ``authors`` (the names joined by ``"; "``) to the (start, end)
    places of the query's words, in characters."""

    edition: EditionCard
    highlights: Mapping[str, tuple[tuple[int, int], ...]]


class SearchAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """``total`` and ``facets`` describe what is shown; ``strict_total`` editions have every word. ``read_as`` lists
    what was read as an operator, as (kind, text)."""

    query: str
    total: int
    strict_total: int
    hits: tuple[HitCard, ...]
    facets: Mapping[str, tuple[FacetValue, ...]]
    corrections: tuple[str, ...]
    widened: bool
    read_as: tuple[tuple[str, str], ...]
    took_ms: float
    generation: str


class RecordCard(msgspec.Struct, frozen=True, kw_only=True):
    """A raw record as it came, less what is for the staff. ``encoding`` says how to read ``payload``: ``text``,
    ``base64``, or ``withheld``. ``outcome`` is ``mapped``, ``skipped``, ``failed`` or ``waiting``."""

    record: str
    partner: str
    feed: str
    source_id: str
    format: str
    datestamp: str
    harvested_at: str
    edition: str
    outcome: str
    rule: str
    reason: str
    encoding: str
    payload: str


class FeedCard(msgspec.Struct, frozen=True, kw_only=True):
    """``verdict`` is that of the last run, empty where none was; times are ISO 8601 in UTC."""

    id: str
    protocol: str
    verdict: str
    started: str
    finished: str
    last_complete: str
    counts: HarvestCounts | None


class PartnerCard(msgspec.Struct, frozen=True, kw_only=True):
    """A library that shares: ``records`` it sent, ``editions`` made of them, ``only_here`` those that no other has."""

    id: str
    name: Mapping[str, str]
    country: str
    area: str
    type: str
    subjects: tuple[str, ...]
    homepage: str
    phone: str
    licence: str
    records: int
    editions: int
    only_here: int
    feeds: tuple[FeedCard, ...]


class PartnersAnswer(msgspec.Struct, frozen=True):
    partners: tuple[PartnerCard, ...]


class Health(msgspec.Struct, frozen=True):
    """``status`` is ``ok`` or ``ready``, or ``degraded`` where searches are answered but copies are missing."""

    status: str
    generation: str = ""


def build_search_answer(answer: Answer, partners: Partners, language: str) -> SearchAnswer:
    return SearchAnswer(
        query=answer.asked.q,
        total=answer.total,
        strict_total=answer.strict_total,
        hits=tuple(_build_hit(found) for found in answer.found),
        facets={
            facet: tuple(_label_value(facet, value, language, partners) for value in values)
            for facet, values in answer.facets.items()
        },
        corrections=answer.corrections,
        widened=answer.widened,
        read_as=answer.read_as,
        took_ms=answer.took_ms,
        generation=answer.generation,
    )


def build_description(edition: Edition) -> EditionDescription:
    return EditionDescription(
        **msgspec.structs.asdict(build_card(edition)),
        title_parts=edition.title,
        agents=edition.agents,
        publication=edition.publication,
        edition_statement=edition.edition_statement,
        subjects=edition.subjects,
        classifications=edition.classifications,
        identifiers=edition.identifiers,
        extent=edition.extent,
        series=edition.series,
        abstract=edition.abstract,
        contents=edition.contents,
        notes=edition.notes,
        price=edition.price,
        print_run=edition.print_run,
        links=edition.links,
        relations=edition.relations,
        topics=edition.topics,
    )


def build_card(edition: Edition) -> EditionCard:
    return EditionCard(
        id=edition.id,
        title=edition.title.main,
        subtitle=edition.title.subtitle,
        volume=edition.title.volume,
        authors=tuple(agent.name for agent in edition.agents),
        year=edition.publication.year,
        publisher=edition.publication.publisher,
        language=edition.languages[0] if edition.languages else "",
        languages=edition.languages,
        type=edition.type,
        holdings=edition.holdings,
        records=edition.members,
    )


def build_record_card(answer: RecordAnswer) -> RecordCard:
    raw: RawRecord = answer.stored.raw
    # What has not been read yet may be marked not to be shared.
    is_closed = answer.rule == WITHHELD_RULE or answer.outcome == "waiting"
    shown = PublicPayload("", "withheld") if is_closed else show_payload(raw)
    return RecordCard(
        record=build_reference(raw.key),
        partner=raw.partner_id,
        feed=raw.feed_id,
        source_id=raw.source_id,
        format=raw.format,
        datestamp=raw.datestamp,
        harvested_at=raw.harvested_at,
        edition=answer.edition_id,
        outcome=answer.outcome,
        rule=answer.rule,
        reason=answer.reason,
        encoding=shown.encoding,
        payload=shown.payload,
    )


def build_partners_answer(standings: Iterable[PartnerStanding]) -> PartnersAnswer:
    """Nothing of contacts, addresses of feeds or local practice."""
    return PartnersAnswer(tuple(_build_partner(standing) for standing in standings))


def _build_partner(standing: PartnerStanding) -> PartnerCard:
    partner = standing.partner
    protocols = {feed.id: feed.protocol for feed in partner.feeds}
    return PartnerCard(
        id=partner.id,
        name=partner.name,
        country=partner.country,
        area=partner.area,
        type=partner.type,
        subjects=partner.subjects,
        homepage=partner.homepage,
        phone=partner.phone,
        licence=partner.licence,
        records=standing.records,
        editions=standing.editions,
        only_here=standing.only_here,
        feeds=tuple(_build_feed(feed, protocols.get(feed.feed_id, "")) for feed in standing.feeds),
    )


def _build_feed(standing: FeedStanding, protocol: str) -> FeedCard:
    run: HarvestRun | None = standing.last_run
    return FeedCard(
        id=standing.feed_id,
        protocol=protocol,
        verdict=run.verdict if run else "",
        started=run.started if run else "",
        finished=run.finished if run else "",
        last_complete=standing.last_complete,
        counts=run.counts if run else None,
    )


def _build_hit(found: Found) -> HitCard:
    return HitCard(build_card(found.edition), found.highlights)


def _label_value(facet: str, value: FacetValue, language: str, partners: Partners) -> FacetValue:
    label = label_facet(facet, value.value, value.label, language, partners)
    return value if label == value.label else FacetValue(value.value, label, value.count, value.selected)
