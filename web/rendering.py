"""Pages become HTML: one template for each presenter's struct, and nothing in a template that its struct does not have.

Everything is escaped unless a template writes it itself. There is one environment for each language, so that words are
chosen once, not per request.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from web.language import Language, load_language
from web.presenters.edition import EditionPage
from web.presenters.failure import FailurePage
from web.presenters.frame import Frame
from web.presenters.help import HelpPage
from web.presenters.home import HomePage
from web.presenters.partners import PartnersPage
from web.presenters.report import ReportFile, ReportPage
from web.presenters.results import ResultsPage

TEMPLATE_FOLDER = Path(__file__).parent / "templates"
TEMPLATES: Mapping[type[msgspec.Struct], str] = {
    HomePage: "home.html",
    ResultsPage: "results.html",
    EditionPage: "edition.html",
    PartnersPage: "partners.html",
    HelpPage: "help.html",
    ReportPage: "report.html",
    ReportFile: "report_file.html",
    FailurePage: "error.html",
}
"""A template's context is ``page``, a struct of this type, and ``frame``."""


def render_page(page: msgspec.Struct, frame: Frame, language: Language) -> str:
    template = load_environment(language.code).get_template(TEMPLATES[type(page)])
    return template.render(page=page, frame=frame)


@cache
def load_environment(code: str) -> Environment:
    """The templates with the words of one language."""
    language = load_language(code)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATE_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals = {"say": language.say, "say_many": language.say_many}
    return environment
