"""`lienthu explain RECORD|EDITION`: follows one record all the way: raw, record, edition, index document."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lienthu.errors import NotFound
from lienthu.i18n import _, mark
from lienthu.settings import read_settings

if TYPE_CHECKING:
    from lienthu.composition import Composition
    from lienthu.edition import Edition
    from lienthu.finding import Finding
    from lienthu.raw_record import RawRecord, RecordKey
    from lienthu.record import Record

MAX_PAYLOAD = 4_000
SEVERITIES = (mark("note"), mark("warning"), mark("error"))


def register(app: typer.Typer) -> None:
    app.command("explain", help=_("Follow one record from what the partner sent to what the index holds."))(explain)


def explain(
    name: Annotated[str, typer.Argument(metavar="RECORD|EDITION", help=_("partner/feed/id, or an edition's id."))],
) -> None:
    from lienthu.composition import compose
    from lienthu.raw_record import parse_reference

    with compose(read_settings()) as made:
        if "/" in name:
            try:
                key = parse_reference(name)
            except ValueError as error:
                raise NotFound(mark("A record is named partner/feed/id, such as laocai/oai/123.")) from error
            _explain_record(made, key)
        else:
            _explain_edition(made, name)


def _explain_edition(made: "Composition", edition_id: str) -> None:
    from lienthu.raw_record import parse_reference

    entry = made.store.resolve_edition(edition_id)
    if entry is None:
        raise NotFound(mark("There is no edition {name}, and there never was."), name=edition_id)
    if entry.edition_id != edition_id:
        print(_("{old} is now {new}").format(old=edition_id, new=entry.edition_id))
    edition = _read_edition(made, entry.edition_id)
    if edition is None:
        told = entry.tombstone.decode() if entry.tombstone else ""
        print(_("No library has {name} any more. What is known: {told}").format(name=entry.edition_id, told=told))
        return
    for reference in edition.members:
        _explain_record(made, parse_reference(reference), with_edition=False)
    _print_edition(edition)


def _explain_record(made: "Composition", key: "RecordKey", *, with_edition: bool = True) -> None:
    from indexer.crosswalks import map_record
    from indexer.findings import list_findings
    from indexer.matching import build_match_key, describe_match
    from lienthu.outcome import Mapped

    stored = made.store.find_record(key)
    if stored is None:
        raise NotFound(mark("The store has no record {name}."), name="/".join(key))
    raw = stored.raw
    _print_heading(_("Raw record"), raw.reference)
    print(
        _("format {format}, {size} bytes, datestamp {datestamp}, harvested {harvested}, change {change}").format(
            format=raw.format,
            size=len(raw.payload),
            datestamp=raw.datestamp or "–",
            harvested=raw.harvested_at,
            change=stored.change,
        )
        + (f", {_('deleted')}" if raw.deleted else "")
    )
    print(raw.payload[:MAX_PAYLOAD].decode("utf-8", "replace"))
    outcome = map_record(raw, made.partners.get(raw.partner_id))
    _print_heading(_("Outcome"), type(outcome).__name__)
    if not isinstance(outcome, Mapped):
        _print_struct(outcome)
        _print_findings(list_findings(outcome), made.settings.lang)
        return
    _print_struct(outcome.record)
    _print_words(made, raw, outcome.record)
    _print_heading(_("Match key"), build_match_key(outcome.record).hex())
    print(" | ".join(part or "–" for part in describe_match(outcome.record)))
    serving = made.engine.serving()
    fate = made.store.fates(serving, [stored.number]).get(stored.number) if serving else None
    if fate is None:
        print(_("Not in the index yet. Run: lienthu index"))
    elif not fate.edition_id:
        print(_("In no edition: {reason} ({rule})").format(reason=fate.reason, rule=fate.rule))
    elif with_edition:
        edition = _read_edition(made, fate.edition_id)
        if edition is not None:
            _print_edition(edition)


def _print_words(made: "Composition", raw: "RawRecord", record: "Record") -> None:
    """Each field's value and the rule that made it; then every doubt, and how to mend it."""
    from indexer.explaining import explain_fields
    from indexer.explaining_sources import list_unread
    from indexer.field_names import name_field

    _print_heading(_("In words"), raw.reference)
    for told in explain_fields(raw, record, made.partners.get(raw.partner_id), made.settings.lang):
        print(f"  {name_field(told.field)}: {told.value}")
        for text in told.stood:
            print("    " + _("there stands: {found}").format(found=text))
        if told.rule:
            print("    " + _("rule: {rule}").format(rule=told.rule))
    for why, tags in list_unread(raw).items():
        print("  " + _("no rule reads {tags}: {why}").format(tags=", ".join(tags), why=_(why) if why else "?"))
    _print_findings(record.findings, made.settings.lang)


def _print_findings(findings: "Sequence[Finding]", language: str) -> None:
    from lienthu.finding_rules import tell_rule

    if findings:
        _print_heading(_("Findings"), str(len(findings)))
    for finding in findings:
        meaning, mending = tell_rule(finding.rule, language)
        print(f"  {finding.field} [{finding.rule}, {_(finding.severity)}] {meaning}")
        if finding.found:
            print("    " + _("there stands: {found}").format(found=finding.found))
        if mending:
            print(f"    → {mending}")


def _read_edition(made: "Composition", edition_id: str) -> "Edition | None":
    import msgspec

    from lienthu.edition import Edition

    source = made.engine.get([edition_id]).get(edition_id)
    return None if source is None else msgspec.json.decode(source, type=Edition)


def _print_edition(edition: "Edition") -> None:
    from indexer.index_document import build_index_document

    _print_heading(_("Edition"), edition.id)
    _print_struct(edition)
    document = build_index_document(edition)
    _print_heading(_("Index document"), document.id)
    for field, (exact, folded) in document.texts.items():
        if exact:
            print(f"  {field}: {exact}\n  {' ' * len(field)}  {folded}")
    print(f"  identifiers: {' '.join(document.identifiers)}")
    for facet, terms in document.facets.items():
        print(f"  {facet}: " + "; ".join(f"{term.value} [{term.label}]" for term in terms))
    print(f"  year: {document.year}–{document.year_end}\n  title_key: {document.title_key}")


def _print_heading(kind: str, name: str) -> None:
    print(f"\n== {kind}: {name}")


def _print_struct(struct: Any) -> None:
    import msgspec

    print(msgspec.json.format(msgspec.json.encode(struct), indent=2).decode())
