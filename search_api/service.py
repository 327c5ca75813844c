"""Catalogue: what the doors ask, over one store and one engine. No web framework here.

All words must match; where fewer than five editions do, most of them must (contracts, text analysis), unless the
search is strict, and other readings of the query are offered if they find more. An edition is found under every id it
ever had; one that is gone tells what is known of it.
"""

import threading
import time
from collections.abc import Mapping
from typing import Any

import msgspec

from lienthu.edition import Edition
from lienthu.engine.protocol import SearchEngine
from lienthu.errors import Gone, NotFound, RequestRefused, Withheld
from lienthu.i18n import mark
from lienthu.partner import Feed, Partner
from lienthu.query.corrections import suggest_corrections
from lienthu.query.language import ParsedQuery, parse_query
from lienthu.query.tree import Everything
from lienthu.query.widening import FEW, widen_search
from lienthu.raw_record import RecordKey, build_reference
from lienthu.search import Hit, SearchRequest, SearchResult
from lienthu.settings import Settings
from lienthu.store import HIDDEN_RULE, RecordStore, StoredRecord
from search_api.answer import Answer, Asked, FeedStanding, Found, PartnerStanding
from search_api.asking import build_request, check_asked
from search_api.hiding import Guard, HiddenNames
from search_api.highlight import Highlighter
from search_api.partner_report import Report, build_report

_MOST_PARTNERS = 1_000

_decode_edition = msgspec.json.Decoder(Edition).decode
_decode_tombstone = msgspec.json.Decoder(dict[str, Any]).decode


class RecordAnswer(msgspec.Struct, frozen=True):
    """A live raw record, its ``outcome`` in the serving index (``mapped``, ``skipped``, ``failed``, or ``waiting``
    where it is not there yet) with the rule and reason, and its edition's id or an empty text."""

    stored: StoredRecord
    outcome: str
    rule: str
    reason: str
    edition_id: str


class Catalogue:
    """Thread-safe. ``partners`` are those of partners.toml, by id, in its order."""

    def __init__(
        self, settings: Settings, store: RecordStore, engine: SearchEngine, partners: Mapping[str, Partner]
    ) -> None:
        self.settings = settings
        self.store = store
        self.engine = engine
        self.partners = partners
        self._guard = Guard(store)
        self._lock = threading.Lock()
        self._counted: tuple[object, Mapping[str, tuple[int, int]]] = (None, {})

    def search(self, asked: Asked) -> Answer:
        """Raises RequestRefused beyond the limits and EngineUnavailable where no index serves."""
        check_asked(asked)
        started = time.perf_counter()
        parsed = parse_query(asked.q)
        request = build_request(asked, parsed.tree)
        strict = self.engine.search(request)
        shown = strict if asked.strict else widen_search(self.engine.search, request, strict)
        found = self._leave_out_hidden(show_hits(shown.hits, parsed))
        hidden = len(shown.hits) - len(found)
        took = (time.perf_counter() - started) * 1_000
        return Answer(
            asked=asked,
            total=shown.total - hidden,
            strict_total=max(0, strict.total - hidden),
            found=found,
            facets=shown.facets,
            corrections=self._correct(asked, request, strict),
            widened=shown is not strict,
            read_as=parsed.read_as,
            took_ms=round(took, 3),
            generation=shown.generation,
        )

    def _correct(self, asked: Asked, request: SearchRequest, strict: SearchResult) -> tuple[str, ...]:
        """Readings of a query that finds few, if they find more: to be offered, never to be searched instead."""
        if strict.total >= FEW:
            return ()
        return tuple(words for words in suggest_corrections(asked.q) if self._count(words, request) > strict.total)

    def _count(self, words: str, request: SearchRequest) -> int:
        counting = msgspec.structs.replace(request, query=parse_query(words).tree, facets=(), offset=0, limit=0)
        try:
            return self.engine.search(counting).total
        except RequestRefused:
            return 0

    def _leave_out_hidden(self, found: tuple[Found, ...]) -> tuple[Found, ...]:
        """Matters only until the index has heard of the decision."""
        names = self._guard.find_recent_names()
        return tuple(one for one in found if not names.hides(one.edition)) if names else found

    def find_edition(self, edition_id: str) -> Edition:
        """The edition under this id, or under the id that took its place (then ``edition.id`` is another). Raises Gone
        with what is known of it (Withheld, with nothing, where it is hidden), NotFound where the id was never given."""
        names = self._guard.read_names()
        source = self.engine.get([edition_id]).get(edition_id)
        if source is not None:
            return _check_shown(_decode_edition(source), names)
        entry = self.store.resolve_edition(edition_id)
        if entry is None:
            raise NotFound(mark("There is no edition {edition}, and there never was."), edition=edition_id)
        if not names.editions.isdisjoint({edition_id, entry.edition_id}):
            raise Withheld(mark("Edition {edition} is not shown."), edition=entry.edition_id)
        source = self.engine.get([entry.edition_id]).get(entry.edition_id)
        if source is not None:
            return _check_shown(_decode_edition(source), names)
        known = _decode_tombstone(entry.tombstone) if entry.tombstone else {}
        facts = {"title": "", **known, "edition": entry.edition_id}
        raise Gone(mark("No library has edition {edition} any more."), **facts)

    def find_record(self, key: RecordKey) -> RecordAnswer:
        """Raises NotFound where no such record ever came, Gone where its library took it back or it is hidden."""
        if self._guard.read_names().hides_record(key):
            raise Withheld(mark("Record {record} is not shown."), record=build_reference(key))
        stored = self.store.find_record(key)
        if stored is None:
            raise NotFound(mark("There is no record {record}."), record=build_reference(key))
        if stored.raw.deleted:
            raise Gone(mark("The library took record {record} back."), record=build_reference(key))
        serving = self.engine.serving()
        fate = self.store.fates(serving, [stored.number]).get(stored.number) if serving else None
        if fate is None:
            return RecordAnswer(stored, "waiting", "", "", "")
        if fate.rule == HIDDEN_RULE:
            raise Withheld(mark("Record {record} is not shown."), record=build_reference(key))
        return RecordAnswer(stored, fate.outcome, fate.rule, fate.reason, fate.edition_id)

    def list_partners(self) -> tuple[PartnerStanding, ...]:
        """How every partner stands, in the order of partners.toml."""
        records = self.store.count_records().by_partner
        editions = self._count_editions()
        return tuple(
            PartnerStanding(
                partner=partner,
                feeds=tuple(self._describe_feed(partner, feed) for feed in partner.feeds),
                records=records.get(partner.id, (0, 0))[0],
                editions=editions.get(partner.id, (0, 0))[0],
                only_here=editions.get(partner.id, (0, 0))[1],
            )
            for partner in self.partners.values()
        )

    def report_partner(self, partner_id: str) -> Report:
        """The report of one partner. Raises NotFound where it is not in partners.toml."""
        partner = self.partners.get(partner_id)
        if partner is None:
            raise NotFound(mark("There is no partner “{id}”. Look at: lienthu status"), id=partner_id)
        return build_report(self.store, self.engine.serving(), partner)

    def check_ready(self) -> tuple[str, bool]:
        """The serving generation, and whether nothing of it is missing. Raises EngineUnavailable where there is none,
        or it cannot answer, and StoreError where the store cannot: no page is shown without both."""
        generation = self.engine.search(SearchRequest(query=Everything(), limit=0)).generation
        self.store.generation(generation)
        return generation, self.engine.find_trouble() is None

    def _describe_feed(self, partner: Partner, feed: Feed) -> FeedStanding:
        complete = self.store.last_complete(partner.id, feed.id)
        return FeedStanding(
            feed_id=feed.id,
            last_run=self.store.last_run(partner.id, feed.id),
            last_complete=complete.finished if complete else "",
        )

    def _count_editions(self) -> Mapping[str, tuple[int, int]]:
        """(editions, editions that no other partner has) of each partner; counted anew when the index has changed."""
        serving = self.engine.serving()
        if serving is None:
            return {}
        state = self.store.generation(serving)
        key = (serving, state.change if state else 0, self.engine.count())
        with self._lock:
            if self._counted[0] != key:
                self._counted = (key, self._count_anew())
            return self._counted[1]

    def _count_anew(self) -> Mapping[str, tuple[int, int]]:
        everything = SearchRequest(query=Everything(), facets=("partner",), facet_size=_MOST_PARTNERS, limit=0)
        result = self.engine.search(everything)
        counts = {value.value: value.count for value in result.facets["partner"]}
        only_here = {}
        for partner_id in counts:
            others = tuple(other for other in counts if other != partner_id)
            elsewhere = msgspec.structs.replace(everything, filters={"partner": others}, facets=())
            only_here[partner_id] = result.total - (self.engine.search(elsewhere).total if others else 0)
        return {partner_id: (count, only_here[partner_id]) for partner_id, count in counts.items()}


def show_hits(hits: tuple[Hit, ...], parsed: ParsedQuery) -> tuple[Found, ...]:
    """The cards of a page with the places of the query's words in what they show."""
    highlighter = Highlighter(parsed)
    return tuple(_show_hit(_decode_edition(hit.source), highlighter) for hit in hits)


def _check_shown(edition: Edition, names: HiddenNames) -> Edition:
    if names.hides(edition):
        raise Withheld(mark("Edition {edition} is not shown."), edition=edition.id)
    return edition


def join_authors(edition: Edition) -> str:
    """The names as a card shows them, to which the highlights of ``authors`` refer."""
    return "; ".join(agent.name for agent in edition.agents)


def _show_hit(edition: Edition, highlighter: Highlighter) -> Found:
    shown = (("title", edition.title.main), ("subtitle", edition.title.subtitle), ("authors", join_authors(edition)))
    highlights = {name: places for name, text in shown if (places := highlighter.find_places(text))}
    return Found(edition=edition, highlights=highlights)
