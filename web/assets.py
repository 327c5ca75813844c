"""The few files beside the pages (style, script, pictures): read once, sent from memory, named with their digest so
that a phone keeps them until they change."""

import hashlib
import mimetypes
from collections.abc import Mapping
from pathlib import Path

import msgspec

from web.presenters.frame import Stylesheets
from web.presenters.links import Links

STATIC_FOLDER = Path(__file__).parent / "static"
KNOWN_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


class Asset(msgspec.Struct, frozen=True):
    content: bytes
    media_type: str
    digest: str


class Assets(msgspec.Struct, frozen=True):
    """Every file of the folder by its name."""

    files: Mapping[str, Asset]

    def address(self, name: str, links: Links) -> str:
        """Where a page finds the file: another address when its content is another."""
        return f"{links.static(name)}?v={self.files[name].digest}"

    def name_stylesheets(self, links: Links) -> Stylesheets:
        return Stylesheets(
            style=self.address("site.css", links),
            script=self.address("site.js", links),
            icon=self.address("favicon.svg", links),
        )


def read_assets(folder: Path = STATIC_FOLDER) -> Assets:
    return Assets({path.name: _read_asset(path) for path in sorted(folder.iterdir()) if path.is_file()})


def _read_asset(path: Path) -> Asset:
    content = path.read_bytes()
    guessed = KNOWN_TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(content, guessed, hashlib.sha256(content).hexdigest()[:12])
