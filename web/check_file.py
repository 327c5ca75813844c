"""The result of a check as text, and as one file that needs nothing else, with all languages in it."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from markupsafe import Markup

from lienthu.examination import Contents, Examination
from lienthu.i18n import PAGE_LANGUAGES
from web.assets import read_assets
from web.language import load_language
from web.presenters.check import CheckPage, present_check
from web.presenters.frame import OWN_NAMES
from web.presenters.holdings import Reader
from web.presenters.links import Links
from web.presenters.report import ReportFile, Tongue
from web.rendering import TEMPLATES, load_environment
from web.report_file import write_style

_PART = "_check.html"
_SIGNS = {"error": "✗", "warning": "!", "note": "·"}


def write_check_file(examination: Examination, contents: Contents, zone: ZoneInfo, language: str = "vi") -> str:
    """The file, with *language* shown first."""
    codes = [language, *(code for code in PAGE_LANGUAGES if code != language)]
    page = ReportFile(
        tag=load_language(language).tag,
        title=examination.address,
        style=write_style(read_assets()),
        tongues=tuple(_render(examination, contents, code, zone) for code in codes),
    )
    return load_environment(language).get_template(TEMPLATES[ReportFile]).render(page=page)


def write_check_text(examination: Examination, contents: Contents, zone: ZoneInfo, language: str = "vi") -> str:
    """The same for a terminal, in one language."""
    return "\n".join(_write_lines(_present(examination, contents, language, zone), language)) + "\n"


def _present(examination: Examination, contents: Contents, code: str, zone: ZoneInfo) -> CheckPage:
    return present_check(examination, contents, Reader(load_language(code), Links(), zone, {}))


def _render(examination: Examination, contents: Contents, code: str, zone: ZoneInfo) -> Tongue:
    page = _present(examination, contents, code, zone)
    written = load_environment(code).get_template(_PART).render(page=page)
    # Already escaped by the template that made it.
    return Tongue(code, load_language(code).tag, OWN_NAMES[code], Markup(written))  # noqa: S704


def _write_lines(page: CheckPage, code: str) -> Iterator[str]:
    say = load_language(code).say
    yield f"{page.kind}: {page.address}"
    yield page.verdict
    yield from (f"  {fact.label}: {fact.value}" for fact in page.facts)
    yield ""
    yield say("What the standard wants otherwise")
    if not page.faults:
        yield f"  {say('Nothing was found.')}"
    for fault in page.faults:
        times = f", {fault.times}" if fault.times else ""
        yield f"  {_SIGNS[fault.severity]} {fault.meaning} [{fault.rule}, {fault.section}{times}]"
        yield f"      → {fault.mending}"
        if fault.found:
            yield f"      {say('What stands there')}: {fault.found}"
        yield from (f"        {other}" for other in fault.others)
        if fault.request:
            yield f"      {say('What was asked')}: {fault.request}"
    yield ""
    yield say("What the records hold")
    yield f"  {page.counts}"
    yield from (f"  {line.value}: {line.label}" for line in page.lost)
    if page.filled:
        yield "  " + ", ".join(f"{line.label} {line.value}" for line in page.filled)
        yield f"  {say('Language')}: {page.languages}"
        yield f"  {say('Document type')}: {page.types}"
    yield from _write_rows(page, say("How readers will see the first of them"))
    if page.findings:
        yield ""
        yield say("What is worth mending in the records")
    for finding in page.findings:
        yield f"  {_SIGNS[finding.severity]} {finding.count}: {finding.meaning} [{finding.rule}]"
        yield f"      → {finding.mending}"
        yield f"      {finding.example}"


def _write_rows(page: CheckPage, heading: str) -> Iterator[str]:
    if page.rows:
        yield ""
        yield heading
    for row in page.rows:
        title = "".join(piece.text for piece in row.title) + (f". {row.volume}" if row.volume else "")
        subtitle = "".join(piece.text for piece in row.subtitle)
        authors = "".join(piece.text for piece in row.authors)
        yield f"  {title}: {subtitle}" if subtitle else f"  {title}"
        yield "    " + " · ".join(part for part in (authors, row.imprint, row.kind, row.place.words) if part)
