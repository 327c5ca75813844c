"""Site: what every page needs, put together once: the catalogue, the settings, the files beside the pages."""

from datetime import date, datetime

import msgspec
from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from lienthu.settings import Settings
from search_api.service import Catalogue
from web.assets import Assets
from web.entrances import Entrances
from web.language import COOKIE, Language, choose_language, load_language
from web.presenters.frame import present_frame
from web.presenters.holdings import Reader
from web.presenters.links import Links
from web.rendering import render_page

A_YEAR = 365 * 24 * 3600
HEADERS = {"vary": "Cookie", "cache-control": "private, no-cache"}
"""One address shows another language to another reader, so no cache in between may keep a page."""


class Site(msgspec.Struct, frozen=True):
    catalogue: Catalogue
    settings: Settings
    assets: Assets
    entrances: Entrances

    @property
    def links(self) -> Links:
        return Links(self.settings.root_path)

    def find_path(self, request: Request) -> str:
        """The path below the root path, encoded as it came, whether or not a proxy has cut the root path off."""
        raw = request.scope.get("raw_path") or b""
        path: str = raw.decode("latin-1").partition("?")[0] or request.scope["path"]
        root = self.settings.root_path
        return path[len(root) :] if root and path.startswith(f"{root}/") else path

    def today(self) -> date:
        return datetime.now(self.settings.zone).date()

    def choose_language(self, request: Request) -> Language:
        return load_language(choose_language(request.query_params.get("lang"), request.cookies.get(COOKIE)))

    def make_reader(self, request: Request) -> Reader:
        return Reader(
            self.choose_language(request), self.links, self.settings.zone, self.catalogue.partners, self.today()
        )

    def send_page(
        self, page: msgspec.Struct, request: Request, section: str, q: str = "", status: int = 200
    ) -> Response:
        """The page as HTML in the reader's language, which a cookie remembers if the address asked for it."""
        language = self.choose_language(request)
        frame = present_frame(
            language,
            self.links,
            self.assets.name_stylesheets(self.links),
            path=self.settings.root_path + self.find_path(request),
            parameters=tuple(request.query_params.multi_items()),
            section=section,
            q=q,
        )
        response = HTMLResponse(render_page(page, frame, language), status_code=status, headers=HEADERS)
        response.headers["content-language"] = language.tag
        if request.query_params.get("lang") == language.code:
            response.set_cookie(
                COOKIE,
                language.code,
                max_age=A_YEAR,
                path=self.settings.root_path or "/",
                secure=request.url.scheme == "https",
                httponly=True,
                samesite="lax",
            )
        return response
