"""`lienthu status`: how the store, the index and every partner stand, in words or as JSON."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lienthu.errors import EXIT_FAILED, CatalogueError
from lienthu.i18n import _, mark, plural
from lienthu.settings import read_settings

if TYPE_CHECKING:
    from lienthu.composition import Composition
    from lienthu.partner import Feed, Partner

COUNTS = ("promised", "received", "stored", "unchanged", "deleted", "repeated", "rejected")
READY, DEGRADED, UNAVAILABLE, NONE = "ready", "degraded", "unavailable", "none"
"""How the index stands: all is well; it answers though copies are missing; it does not answer; there is none."""
_MOST_OUTCOMES = 1_000
FATES = (mark("mapped"), mark("skipped"), mark("failed"))


def register(app: typer.Typer) -> None:
    app.command("status", help=_("Tell how the store, the index and the partners stand."))(status)


def status(
    as_json: Annotated[bool, typer.Option("--json", help=_("As one JSON value."))] = False,
    outcomes: Annotated[bool, typer.Option("--outcomes", help=_("List what was not taken in, and why."))] = False,
) -> None:
    import msgspec

    from lienthu.composition import compose

    with compose(read_settings()) as made:
        standing = describe_standing(made)
        if as_json:
            print(msgspec.json.encode(standing).decode())
        else:
            _print_standing(standing, len(made.store.holds()), datetime.now(made.settings.zone))
            if outcomes:
                _print_outcomes(made, standing["index"])
    if standing["index"]["state"] == UNAVAILABLE:
        raise typer.Exit(EXIT_FAILED)


def describe_standing(made: "Composition") -> dict[str, Any]:
    """The JSON value of `status --json`; its shape is a contract with the outside."""
    store = made.store
    counts = store.count_records()
    index = _describe_index(made)
    generation = find_generation(made, index)
    tally = store.tally(generation) if generation else {}
    return {
        "store": {"schema": store.schema_number, "records": counts.live, "deleted": counts.deleted},
        "index": index,
        "partners": [
            {
                "id": partner.id,
                "feeds": [_describe_feed(made, partner, feed) for feed in partner.feeds],
                "records": {
                    "live": counts.by_partner.get(partner.id, (0, 0))[0],
                    **{fate: tally.get(partner.id, {}).get(fate, 0) for fate in FATES},
                },
            }
            for partner in _list_partners(made)
        ],
    }


def _describe_index(made: "Composition") -> dict[str, Any]:
    """What the engine says, or that it says nothing: then ``generation`` and ``editions`` are null. What the store
    knows is told all the same."""
    index: dict[str, Any] = {"engine": made.engine.name, "generation": None, "editions": None}
    trouble: CatalogueError | None = None
    try:
        index["generation"] = made.engine.serving()
        index["editions"] = made.engine.count(index["generation"]) if index["generation"] else 0
        trouble = made.engine.find_trouble() if index["generation"] else None
        index["state"] = (DEGRADED if trouble else READY) if index["generation"] else NONE
    except CatalogueError as error:
        index["state"], trouble = UNAVAILABLE, error
    state = made.store.generation(find_generation(made, index) or "")
    index["behind"] = made.store.count_changes_since(state.change if state else 0)
    index["message"] = trouble.tell(_) if trouble else ""
    return index


def find_generation(made: "Composition", index: dict[str, Any]) -> str | None:
    """The generation that serves; while the engine says nothing, the one that was put into service last."""
    if index["generation"] or index["state"] != UNAVAILABLE:
        name: str | None = index["generation"]
        return name
    promoted = [state for state in made.store.generations() if state.promoted]
    return max(promoted, key=lambda state: state.promoted).name if promoted else None


def _list_partners(made: "Composition") -> "list[Partner]":
    """Those of partners.toml, then those that only the store still knows."""
    from lienthu.partner import Partner

    known = list(made.partners.values())
    strangers = sorted(set(made.store.count_records().by_partner) - made.partners.keys())
    return known + [Partner(id=partner_id, name={}) for partner_id in strangers]


def _describe_feed(made: "Composition", partner: "Partner", feed: "Feed") -> dict[str, Any]:
    run = made.store.last_run(partner.id, feed.id)
    complete = made.store.last_complete(partner.id, feed.id)
    described: dict[str, Any] = {"id": feed.id, "verdict": run.verdict if run else None}
    described.update({name: getattr(run.counts, name) if run else None for name in COUNTS})
    described["started"] = run.started if run else None
    described["finished"] = (run.finished or None) if run else None
    described["last_complete"] = complete.finished if complete else None
    described["message"] = run.message.tell() if run else ""
    return described


def _print_standing(standing: dict[str, Any], holds: int, now: datetime) -> None:
    store, index = standing["store"], standing["index"]
    print(_("Store: {records} records, {deleted} deleted (schema {schema})").format(**store))
    if index["state"] == UNAVAILABLE:
        print(_("Index: it does not answer. {message}").format(**index))
    elif index["generation"]:
        print(_("Index: {editions} editions in {generation} ({engine}), {behind} changes behind").format(**index))
    else:
        print(_("Index: none yet. Run: lienthu index"))
    if index["state"] == DEGRADED:
        print("  " + index["message"])
    for partner in standing["partners"]:
        records = partner["records"]
        print(
            f"\n{partner['id']}: "
            + _("{live} records = {mapped} mapped + {skipped} skipped + {failed} failed").format(**records)
            + _judge_sum(records["live"] == sum(records[fate] for fate in FATES), index)
        )
        for feed in partner["feeds"]:
            print("  " + describe_feed_standing(feed, now))
    if holds:
        words = plural("{count} harvest waits for your decision", "{count} harvests wait for your decision", holds)
        print("\n" + words.format(count=holds) + ": lienthu holds")


def _judge_sum(holds: bool, index: dict[str, Any]) -> str:
    if holds:
        return ""
    return (
        "  ("
        + (_("not indexed yet") if index["behind"] or not index["generation"] else _("THE SUM DOES NOT HOLD"))
        + ")"
    )


def describe_feed_standing(feed: dict[str, Any], now: datetime) -> str:
    """One feed in plain words: when it was last complete, what became of the last run, and what that run brought."""
    if feed["verdict"] is None:
        return _("{id}: never harvested").format(**feed)
    last = feed["last_complete"]
    whole = _("last complete {when}").format(when=tell_when(last, now)) if last else _("never complete")
    told = [f"{feed['id']}: {whole}"]
    if feed["verdict"] != "complete":
        told.append(_describe_trouble(feed, tell_when(feed["started"], now)))
    elif feed["message"]:
        told.append(feed["message"])
    promised = "" if feed["promised"] is None else _(" of {promised} promised").format(**feed)
    counts = _(
        "received {received}{promised_part}: {stored} stored, {unchanged} unchanged, {deleted} deleted, "
        "{repeated} repeated, {rejected} rejected"
    ).format(**{**feed, "promised_part": promised})
    return "; ".join(told) + f"\n    {counts}"


def _describe_trouble(feed: dict[str, Any], when: str) -> str:
    """``the run of yesterday stopped: received 4200 of 10069: the resumption token was no longer known``."""
    words = {
        "incomplete": _("the run of {when} is not complete: {reason}"),
        "failed": _("the run of {when} failed: {reason}"),
        "held": _("the run of {when} is held: {reason}"),
        "running": _("a run began {when} and has not ended"),
    }
    return words[feed["verdict"]].format(when=when, reason=feed["message"] or _("no reason given"))


def tell_when(written: str, now: datetime) -> str:
    """``today``, ``yesterday``, ``3 days ago``, with the time of day where it is near; *written* is ISO
    8601 in UTC, *now* is in the zone of whoever reads."""
    moment = datetime.fromisoformat(written).astimezone(now.tzinfo)
    days = (now.date() - moment.date()).days
    if days <= 0:
        return _("today at {time}").format(time=f"{moment:%H:%M}")
    if days == 1:
        return _("yesterday at {time}").format(time=f"{moment:%H:%M}")
    return plural("{count} day ago", "{count} days ago", days).format(count=days)


def _print_outcomes(made: "Composition", index: dict[str, Any]) -> None:
    """What the last run of each feed rejected, then what the index could not take in."""
    for partner in _list_partners(made):
        for feed in partner.feeds:
            _print_rejections(made, partner, feed)
    generation = find_generation(made, index)
    if generation is None:
        return
    for fate in ("failed", "skipped"):
        for key, rule, reason in made.store.fate_examples(generation, fate, None, _MOST_OUTCOMES):
            told = _tell_failure(rule, made.settings.lang) if fate == "failed" else ""
            print(f"{_(fate)}\t{'/'.join(key)}\t{rule}\t{told or reason}")


def _tell_failure(rule: str, language: str) -> str:
    """Reasons are kept in English; in another language the rule tells what it means, where it is known."""
    from lienthu.finding_rules import find_rule, tell_rule

    return "" if language == "en" or find_rule(rule) is None else tell_rule(rule, language)[0]


def _print_rejections(made: "Composition", partner: "Partner", feed: "Feed") -> None:
    run = made.store.last_run(partner.id, feed.id)
    if run is None or not run.counts.rejected:
        return
    for rejection in made.store.rejections(run.id, _MOST_OUTCOMES):
        name = f"{partner.id}/{feed.id}/{rejection.source_id or '–'}"
        print(f"{_('rejected')}\t{name}\t{rejection.rule}\t{rejection.reason}")
