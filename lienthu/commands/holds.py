"""`lienthu holds`, `approve`, `reject`: runs that wait for a person, each with what would vanish and appear."""

import getpass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lienthu.commands.status import tell_when
from lienthu.errors import NotFound, SettingsError
from lienthu.i18n import _, mark
from lienthu.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lienthu.composition import Composition
    from lienthu.store import Hold
    from lienthu.store.nouns import StagedKind

EXAMPLES = 10


def register(app: typer.Typer) -> None:
    app.command("holds", help=_("List the harvests that wait for your decision, and what they would change."))(holds)
    app.command("approve", help=_("Let a held harvest come about."))(approve)
    app.command("reject", help=_("Drop what a held harvest wants; the next one is compared anew."))(reject)


def holds(as_json: Annotated[bool, typer.Option("--json", help=_("As one JSON value."))] = False) -> None:
    import msgspec

    from lienthu.composition import compose

    with compose(read_settings()) as made:
        described = [describe_hold(made, hold) for hold in made.store.holds()]
    if as_json:
        print(msgspec.json.encode({"holds": described}).decode())
        return
    if not described:
        print(_("Nothing waits for a decision."))
    for hold in described:
        print_hold(hold, made.settings.zone)
        print("  " + _("lienthu approve {run}, or lienthu reject {run}").format(**hold) + "\n")


def approve(
    hold: Annotated[str, typer.Argument(metavar="HOLD", help=_("The number that `lienthu holds` shows."))],
) -> None:
    from lienthu.composition import compose

    with compose(read_settings()) as made:
        chosen = find_hold(made, hold)
        print_hold(describe_hold(made, chosen), made.settings.zone)
        made.store.approve_hold(chosen.run_id, name_user())
    print(_("Approved. Readers see it after: lienthu index"))


def reject(
    hold: Annotated[str, typer.Argument(metavar="HOLD", help=_("The number that `lienthu holds` shows."))],
) -> None:
    from lienthu.composition import compose

    with compose(read_settings()) as made:
        chosen = find_hold(made, hold)
        print_hold(describe_hold(made, chosen), made.settings.zone)
        made.store.reject_hold(chosen.run_id, name_user())
    print(_("Rejected: readers keep what they have, and the next harvest is compared anew."))


def find_hold(made: "Composition", name: str) -> "Hold":
    """By its number, or by ``partner/feed``. Raises NotFound, SettingsError for what is neither."""
    waiting = made.store.holds()
    if name.isascii() and name.isdecimal():
        found = [hold for hold in waiting if hold.run_id == int(name)]
    elif "/" in name:
        found = [hold for hold in waiting if f"{hold.partner_id}/{hold.feed_id}" == name]
    else:
        raise SettingsError(mark("“{name}” is no hold: give the number that `lienthu holds` shows."), name=name)
    if not found:
        raise NotFound(mark("Nothing waits under {name}. Look at: lienthu holds"), name=name)
    return found[0]


def describe_hold(made: "Composition", hold: "Hold") -> dict[str, Any]:
    """The difference in numbers, and some of the records concerned with their titles."""
    return {
        "run": hold.run_id,
        "partner": hold.partner_id,
        "feed": hold.feed_id,
        "reason": hold.reason.tell(),
        "live": hold.live,
        "vanishing": hold.vanishing,
        "appearing": hold.appearing,
        "becoming": made.store.count_staged(hold.run_id).becoming,
        "share": round(hold.vanishing / hold.live, 3) if hold.live else 0.0,
        "ending": hold.ending,
        "created": hold.created,
        "examples": {
            "vanishing": list_examples(made, hold.run_id, ("unseen", "deleted")),
            "appearing": list_examples(made, hold.run_id, ("appears",)),
            "becoming": list_other_works(made, hold.run_id),
        },
    }


def list_examples(made: "Composition", run_id: int, kinds: "Sequence[StagedKind]") -> list[dict[str, str]]:
    numbers = made.store.staged_numbers(run_id, kinds, EXAMPLES)
    stored = made.store.read_records(numbers)
    return [
        {"record": stored[number].raw.reference, "title": find_title(made, stored[number].raw)}
        for number in numbers
        if number in stored
    ]


def list_other_works(made: "Composition", run_id: int) -> list[dict[str, str]]:
    """Records that would stand for another work: the title that readers have, and the one to come."""
    import msgspec

    numbers = made.store.staged_numbers(run_id, ("becomes",), EXAMPLES)
    stored, waiting = made.store.read_records(numbers), made.store.read_waiting(run_id, numbers)
    works = []
    for number in numbers:
        if number in stored and number in waiting:
            raw = stored[number].raw
            format_name, payload = waiting[number]
            coming = msgspec.structs.replace(raw, format=format_name, payload=payload)
            works.append(
                {"record": raw.reference, "title": find_title(made, raw), "new_title": find_title(made, coming)}
            )
    return works


def find_title(made: "Composition", raw: Any) -> str:
    """The title as the index would have it, even of a record that is deleted or waits; empty where there is none."""
    import msgspec

    from indexer.crosswalks import map_record
    from lienthu.outcome import Mapped

    outcome = map_record(msgspec.structs.replace(raw, deleted=False), made.partners.get(raw.partner_id))
    return outcome.record.title.main if isinstance(outcome, Mapped) else ""


def print_hold(hold: dict[str, Any], zone: tzinfo) -> None:
    when = tell_when(hold["created"], datetime.now(zone))
    print(_("{run}  {partner}/{feed}, {when}: {reason}").format(**hold, when=when))
    print(
        "  "
        + _("readers have {live} records; {vanishing} would vanish ({share} %), {appearing} would appear").format(
            **{**hold, "share": round(100 * hold["share"])}
        )
    )
    headings = (
        ("becoming", _("{becoming} identifiers would stand for other works:").format(**hold)),
        ("vanishing", _("would vanish:")),
        ("appearing", _("would appear:")),
    )
    for kind, heading in headings:
        examples = hold["examples"][kind]
        if examples:
            print(f"  {heading}")
        for example in examples:
            print(f"    {describe_example(example)}".rstrip())
        if hold[kind] > len(examples):
            print("    " + _("… and {count} more").format(count=hold[kind] - len(examples)))


def describe_example(example: dict[str, str]) -> str:
    """``truong/file/1  Truyện Kiều``, and the title to come where there is one: ``… → Lôi vũ``."""
    coming = f" → {example['new_title']}" if "new_title" in example else ""
    return f"{example['record']}  {example['title']}{coming}"


def name_user() -> str:
    """Who decides: the name of the account."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
