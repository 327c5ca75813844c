"""Which language an answer is in: ``?lang=``, else the first of ``Accept-Language`` that we have, else Vietnamese."""

from starlette.requests import Request

from lienthu.tables.variants import LANGUAGES


def choose_language(request: Request) -> str:
    """``vi``, ``en`` or ``zh``."""
    wanted = request.query_params.get("lang", "")
    if wanted in LANGUAGES:
        return wanted
    accepted = [part.partition(";") for part in request.headers.get("accept-language", "").split(",")]
    ranked = sorted(accepted, key=lambda part: -_read_quality(part[2]))
    for tag, _, _ in ranked:
        language = tag.strip().lower().partition("-")[0]
        if language in LANGUAGES:
            return language
    return LANGUAGES[0]


def _read_quality(written: str) -> float:
    name, _, value = written.strip().partition("=")
    try:
        return float(value) if name == "q" else 1.0
    except ValueError:
        return 0.0
