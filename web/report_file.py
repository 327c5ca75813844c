"""A report as one file that needs nothing else: for a mail, for paper. All languages are in it, one is shown.

The style stands in the file, its pictures too. Nothing in the file runs, and nothing in it fetches.
"""

import base64
from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from markupsafe import Markup

from lienthu.i18n import PAGE_LANGUAGES
from lienthu.partner import Partner
from search_api.partner_report import Report
from web.assets import Assets, read_assets
from web.language import load_language
from web.presenters.frame import OWN_NAMES
from web.presenters.holdings import Reader
from web.presenters.links import Links
from web.presenters.report import ReportFile, Tongue, present_report
from web.rendering import TEMPLATES, load_environment

_PART = "_report.html"


def write_report_file(report: Report, zone: ZoneInfo, today: date, language: str = "vi") -> str:
    """The file, with *language* shown first."""
    codes = [language, *(code for code in PAGE_LANGUAGES if code != language)]
    page = ReportFile(
        tag=load_language(language).tag,
        title=report.partner.name_in(language),
        style=write_style(read_assets()),
        tongues=tuple(_render(report, code, zone, today) for code in codes),
    )
    template = load_environment(language).get_template(TEMPLATES[ReportFile])
    return template.render(page=page)


def _render(report: Report, code: str, zone: ZoneInfo, today: date) -> Tongue:
    language = load_language(code)
    partners: Mapping[str, Partner] = {report.partner.id: report.partner}
    page = present_report(report, Reader(language, Links(), zone, partners), today)
    written = load_environment(code).get_template(_PART).render(page=page)
    # Already escaped by the template that made it.
    return Tongue(code, language.tag, OWN_NAMES[code], Markup(written))  # noqa: S704


def write_style(assets: Assets, pictures: Sequence[str] = ("brocade.svg", "brocade-night.svg")) -> Markup:
    """The site's own style as an element, its pictures in it. It is ours: nothing of a partner's is in it."""
    style = assets.files["site.css"].content.decode()
    for name in pictures:
        picture = base64.b64encode(assets.files[name].content).decode()
        style = style.replace(f'url("{name}")', f'url("data:image/svg+xml;base64,{picture}")')
    return Markup(f"<style>{style}</style>")  # noqa: S704
