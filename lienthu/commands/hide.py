"""`lienthu hide RECORD|EDITION --reason …` and `lienthu unhide`: what is not to be shown is gone from this moment on.

The decision is kept in the store, with its reason, its time and who took it. The serving index changes at once; where
another process writes it, that one follows, and the doors refuse meanwhile.
"""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from lienthu.errors import EngineUnavailable, LockHeld, NotFound, SettingsError
from lienthu.i18n import _, mark, plural
from lienthu.raw_record import RecordKey, parse_reference
from lienthu.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from lienthu.composition import Composition


def register(app: typer.Typer) -> None:
    app.command("hide", help=_("Show a record or an edition to nobody, whatever its library sends."))(hide)
    app.command("unhide", help=_("Show again what was hidden."))(unhide)


def hide(
    name: Annotated[str, typer.Argument(metavar="RECORD|EDITION", help=_("partner/feed/id, or an edition's id."))] = "",
    reason: Annotated[str, typer.Option("--reason", help=_("Why: a law, a wish of its library."))] = "",
    as_list: Annotated[bool, typer.Option("--list", help=_("List what is hidden, since when, and why."))] = False,
) -> None:
    from lienthu.commands.holds import name_user
    from lienthu.composition import compose

    if not as_list and not name:
        raise SettingsError(mark("Name what is to be hidden: lienthu hide RECORD|EDITION --reason “…”"))
    if not as_list and not reason.strip():
        raise SettingsError(
            mark("Say why, so that others can judge it later: lienthu hide {name} --reason “…”"), name=name
        )
    with compose(read_settings()) as made:
        if as_list:
            _print_hidings(made)
            return
        keys, editions = find_hidden(made, name)
        twins = _find_twins(made, keys) if "/" in name else []
        made.store.hide(name, reason, keys=keys, editions=editions, decided_by=name_user())
        _change_index(made, made.store.hidden_numbers())
    counted = plural("{count} record", "{count} records", len(keys)).format(count=len(keys))
    print(_("{name} is hidden ({counted}). Undo it with: lienthu unhide {name}").format(name=name, counted=counted))
    for twin in twins:
        print(_("{name} bears the same identifier and is still shown.").format(name=twin))


def unhide(
    name: Annotated[str, typer.Argument(metavar="RECORD|EDITION", help=_("As it was named when it was hidden."))],
) -> None:
    from lienthu.commands.holds import name_user
    from lienthu.composition import compose

    with compose(read_settings()) as made:
        numbers = made.store.hidden_numbers()
        lifted = made.store.unhide(name, name_user())
        _change_index(made, numbers)
    for hiding in lifted:
        print(
            _("{name} is shown again; it was hidden on {day}: {reason}").format(
                name=name, day=hiding.decided[:10], reason=hiding.reason
            )
        )


def find_hidden(made: "Composition", name: str) -> "tuple[list[RecordKey], Mapping[str, Collection[bytes]]]":
    """The records that *name* means, and the editions with the match keys of their records. Raises NotFound."""
    if "/" in name:
        try:
            key = parse_reference(name)
        except ValueError as error:
            raise NotFound(mark("A record is named partner/feed/id, such as laocai/oai/123.")) from error
        if made.store.find_record(key) is None:
            raise NotFound(mark("The store has no record {name}."), name=name)
        return [key], {}
    entry = made.store.resolve_edition(name)
    if entry is None:
        raise NotFound(mark("There is no edition {name}, and there never was."), name=name)
    keys = _list_members(made, entry.edition_id)
    match_keys = _find_match_keys(made, keys)
    return keys, {edition_id: match_keys or [b""] for edition_id in {name, entry.edition_id}}


def _find_twins(made: "Composition", keys: "Sequence[RecordKey]") -> list[str]:
    """The names of other records that came with the identifier of one of *keys* and are shown."""
    hidden = set(made.store.hidden_numbers())
    twins = [stored for key in keys for stored in made.store.find_siblings(key)]
    return [stored.raw.reference for stored in twins if not stored.raw.deleted and stored.number not in hidden]


def _list_members(made: "Composition", edition_id: str) -> list[RecordKey]:
    import msgspec

    from lienthu.edition import Edition

    source = made.engine.get([edition_id]).get(edition_id) if made.engine.serving() else None
    if source is None:
        return []
    return [parse_reference(member) for member in msgspec.json.decode(source, type=Edition).members]


def _find_match_keys(made: "Composition", keys: "Sequence[RecordKey]") -> list[bytes]:
    serving = made.engine.serving()
    found = [stored for key in keys if (stored := made.store.find_record(key)) is not None]
    if serving is None or not found:
        return []
    fates = made.store.fates(serving, [stored.number for stored in found])
    return sorted({fate.match_key for fate in fates.values() if fate.match_key})


def _change_index(made: "Composition", numbers: "Sequence[int]") -> None:
    """In the serving index now; every other build meets the decision before it serves."""
    from indexer.build import apply_again

    serving = made.engine.serving()
    if serving is None:
        return
    try:
        apply_again(made.store, made.engine, serving, numbers, made.partners)
    except (LockHeld, EngineUnavailable) as error:
        print(
            _("The index cannot be changed now ({reason}). Run later: lienthu index").format(reason=error.tell(_)),
            file=sys.stderr,
        )


def _print_hidings(made: "Composition") -> None:
    standing = made.store.hidings()
    if not standing:
        print(_("Nothing is hidden."))
    for hiding in standing:
        print(f"{hiding.name}\t{hiding.decided}\t{hiding.decided_by}\t{hiding.reason}")
