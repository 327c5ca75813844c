"""Routes of the pages: read the address, ask the catalogue, hand its answer to a presenter. Nothing is decided here."""

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lienthu.errors import Gone, NotFound
from search_api.answer import MAX_QUERY
from search_api.partner_report import Report, write_csv, write_json
from search_api.report_link import is_signed, read_report_key
from web.presenters.edition import present_edition
from web.presenters.failure import present_failure, read_tombstone
from web.presenters.help import present_help
from web.presenters.home import present_home
from web.presenters.links import read_asked, replace
from web.presenters.partners import present_partners
from web.presenters.report import present_report
from web.presenters.results import count_pages, present_results
from web.rendering import load_environment
from web.site import A_YEAR, Site

ROBOTS = """User-agent: *
Disallow: {root}/search
Disallow: {root}/api/
"""
"""Editions and partners may be read by all; searches would be walked without end."""


Page = Callable[[Site, Request], Response]


def build_routes(site: Site) -> list[BaseRoute]:
    """Every page of the site. None stands in the published API."""
    pages: tuple[tuple[str, Page], ...] = (
        ("/", show_home),
        ("/search", show_results),
        ("/editions/{edition_id}", show_edition),
        ("/partners", show_partners),
        ("/partners/{partner_id}/report", show_report),
        ("/partners/{partner_id}/report.csv", send_report_csv),
        ("/partners/{partner_id}/report.json", send_report_json),
        ("/help", show_help),
        ("/opensearch.xml", send_opensearch),
        ("/robots.txt", send_robots),
        ("/favicon.ico", send_favicon),
        ("/static/{name}", send_asset),
    )
    return [Route(path, _bind(answer, site), name=answer.__name__) for path, answer in pages]


def show_home(site: Site, request: Request) -> Response:
    everything, counts = site.entrances.count()
    page = present_home(everything, len(site.catalogue.partners), counts, site.make_reader(request))
    return site.send_page(page, request, section="home")


def show_results(site: Site, request: Request) -> Response:
    asked = read_asked(request.query_params)
    answer = site.catalogue.search(asked)
    last = count_pages(answer.total)
    if asked.page > last:
        return RedirectResponse(site.links.results(replace(asked, page=last)), status_code=302)
    cut = len(request.query_params.get("q") or "") > MAX_QUERY
    return site.send_page(present_results(answer, site.make_reader(request), cut), request, "search", asked.q)


def show_edition(site: Site, request: Request) -> Response:
    edition_id = request.path_params["edition_id"]
    try:
        edition = site.catalogue.find_edition(edition_id)
    except Gone as gone:
        return show_tombstone(site, request, gone)
    if edition.id != edition_id:
        return RedirectResponse(site.links.edition(edition.id), status_code=301)
    return site.send_page(present_edition(edition, site.make_reader(request)), request, "edition")


def show_tombstone(site: Site, request: Request, gone: Gone) -> Response:
    reader = site.make_reader(request)
    page = present_failure(410, reader.language, site.links, read_tombstone(gone.facts), reader.partners)
    return site.send_page(page, request, "edition", status=410)


def show_partners(site: Site, request: Request) -> Response:
    standings = site.catalogue.list_partners()
    return site.send_page(present_partners(standings, site.make_reader(request), site.today()), request, "partners")


def show_report(site: Site, request: Request) -> Response:
    """Only by a signed link. Nobody in between keeps it, and no search engine."""
    report = _read_report(site, request)
    address, signature = site.links.report(report.partner.id), urlencode({"key": request.query_params["key"]})
    page = present_report(
        report,
        site.make_reader(request),
        site.today(),
        csv_address=f"{address}.csv?{signature}",
        json_address=f"{address}.json?{signature}",
    )
    return _keep_private(site.send_page(page, request, "report"))


def send_report_csv(site: Site, request: Request) -> Response:
    written = write_csv(_read_report(site, request), site.choose_language(request).code)
    return _keep_private(Response(written, media_type="text/csv; charset=utf-8"))


def send_report_json(site: Site, request: Request) -> Response:
    written = write_json(_read_report(site, request), site.choose_language(request).code)
    return _keep_private(Response(written, media_type="application/json"))


def _read_report(site: Site, request: Request) -> Report:
    """A wrong link and a library that is not here look the same."""
    partner_id = request.path_params["partner_id"]
    key = read_report_key(site.settings.home)
    if key is None or not is_signed(key, partner_id, request.query_params.get("key") or ""):
        raise NotFound(
            "There is no report here. Ask for a new link: lienthu report {partner} --link", partner=partner_id
        )
    return site.catalogue.report_partner(partner_id)


def _keep_private(response: Response) -> Response:
    response.headers.update({"cache-control": "private, no-store", "x-robots-tag": "noindex", "vary": "Cookie"})
    response.headers["referrer-policy"] = "no-referrer"
    return response


def show_help(site: Site, request: Request) -> Response:
    return site.send_page(present_help(site.make_reader(request)), request, "help")


def send_asset(site: Site, request: Request) -> Response:
    """A file beside the pages; kept for a year if its address names its content."""
    asset = site.assets.files.get(request.path_params["name"])
    if asset is None:
        raise NotFound("There is no file {name}.", name=request.path_params["name"])
    named = request.query_params.get("v") == asset.digest
    keeping = f"public, max-age={A_YEAR}, immutable" if named else "public, max-age=300"
    return Response(asset.content, media_type=asset.media_type, headers={"cache-control": keeping})


def send_favicon(site: Site, request: Request) -> Response:
    return RedirectResponse(site.assets.address("favicon.svg", site.links), status_code=301)


def send_robots(site: Site, request: Request) -> Response:
    return PlainTextResponse(ROBOTS.format(root=site.settings.root_path))


def send_opensearch(site: Site, request: Request) -> Response:
    """Lets a browser search here from its own bar. The addresses are whole, as its format wants."""
    public = site.settings.public_url or str(request.base_url)
    parts = urlsplit(public)
    template = load_environment(site.choose_language(request).code).get_template("opensearch.xml")
    text = template.render(
        origin=f"{parts.scheme}://{parts.netloc}",
        icon=site.assets.address("favicon.svg", site.links),
        search=site.links.search,
    )
    return Response(text, media_type="application/opensearchdescription+xml", headers={"vary": "Cookie"})


def _bind(answer: Page, site: Site) -> Callable[[Request], Response]:
    def route(request: Request) -> Response:
        return answer(site, request)

    return route
