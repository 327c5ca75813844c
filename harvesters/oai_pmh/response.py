"""One answer of an OAI-PMH server, understood as far as the protocol goes.

An answer counts only if it is whole: well-formed, or mended record by record where its end is there. Anything else (cut
off, a web page, another verb's answer) is a fault, never an empty list. Elements are known by their local names,
because servers get the namespace wrong.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
from lxml import etree
from sickle.response import OAIResponse

from harvesters.faults import PassingFault
from harvesters.oai_pmh.cutting import cut_page
from harvesters.oai_pmh.envelope import Envelope, open_entry
from harvesters.oai_pmh.repair import OAI_PAGE
from harvesters.repair import Entry, mend_page
from harvesters.xml import find_child, find_children, get_local_name, get_text, parse_strictly, read_text
from lienthu.errors import HarvestError
from lienthu.i18n import mark


class Token(msgspec.Struct, frozen=True):
    """A resumptionToken element: ``text`` is empty at the end of a list, ``total`` the completeListSize if stated."""

    text: str
    total: int | None
    cursor: str


class OaiResponse(OAIResponse):  # type: ignore[misc]
    """One whole answer. Raises PassingFault if it is not one, HarvestError if it must not be read."""

    def __init__(self, http_response: object, params: dict[str, str], body: bytes) -> None:
        super().__init__(http_response, params)
        self.mended: list[Entry] | None = None
        self.cut = cut_page(body)
        try:
            self.root = self.cut.frame if self.cut is not None else parse_strictly(body)
        except etree.XMLSyntaxError as error:
            if not OAI_PAGE.find_ends(body):
                raise _name_fault(body) from error
            self.root, self.mended = mend_page(body, OAI_PAGE)
        if get_local_name(self.root).lower() != "oai-pmh":
            raise _name_fault(body)
        if self.root.getroottree().docinfo.internalDTD is not None:
            raise HarvestError(mark("The answer carries a document type, which is never read."))

    @property
    def xml(self) -> Any:
        """The tree, parsed once (sickle parses at every look)."""
        return self.root

    @property
    def error(self) -> tuple[str, str] | None:
        """Code and words of the protocol's error, None where there is none. Beside records it is only a remark."""
        return None if self._has_list else self._read_error()

    @property
    def remark(self) -> str:
        """The words of an error that stands beside records: the list may have broken off there."""
        error = self._read_error() if self._has_list else None
        # Some servers add to every list that nothing matches.
        return "" if error is None or error[0].lower().startswith("norecordsmatch") else error[1] or error[0] or "error"

    def _read_error(self) -> tuple[str, str] | None:
        element = find_child(self.root, "error")
        if element is None:
            return None
        return (element.get("code") or "").strip(), " ".join(read_text(element).split())[:500]

    @property
    def _has_list(self) -> bool:
        if self.cut is not None:
            return bool(self.cut.envelopes)
        if self.mended is not None:
            return bool(self.mended)
        body = find_child(self.root, self.params["verb"])
        return body is not None and any(get_local_name(child).lower() in {"record", "header"} for child in body)

    @property
    def response_date(self) -> str:
        return get_text(self.root, "responseDate")

    @property
    def token(self) -> Token | None:
        """The resumptionToken, None where the answer has no such element. Of several, the first that leads on counts,
        and the largest total: what would end the list too early is not believed."""
        body = find_child(self.root, self.params["verb"])
        parents = (self.root,) if body is None else (body, self.root)
        tokens = [_read_token(element) for parent in parents for element in find_children(parent, "resumptionToken")]
        if not tokens:
            return None
        chosen = next((token for token in tokens if token.text), tokens[0])
        total = max((token.total for token in tokens if token.total is not None), default=None)
        return Token(chosen.text, total, chosen.cursor)

    def read_entries(self) -> Iterator[Envelope]:
        """The records of a list, mended ones and unreadable ones among them."""
        if self.cut is not None:
            return iter(self.cut.envelopes)
        if self.mended is not None:
            return map(open_entry, self.mended)
        body = find_child(self.root, self.params["verb"])
        elements = find_children(body, "record") if body is not None else ()
        return (open_entry(Entry(element)) for element in elements)

    def read_headers(self) -> Iterator[etree._Element]:
        """The headers of a list of identifiers. Raises HarvestError where the list had to be mended: what was lost in
        it would be taken for gone."""
        if self.mended is not None:
            raise HarvestError(mark("the list of identifiers is not well-formed, so nothing is known to be gone"))
        body = find_child(self.root, self.params["verb"])
        if body is not None:
            yield from find_children(body, "header")

    def require_list(self) -> None:
        """Raises PassingFault where the answer has neither an error nor what was asked for."""
        if find_child(self.root, self.params["verb"]) is None and self.error is None and not self.mended:
            raise PassingFault(mark("the server answered something else than was asked"))


def _read_token(element: etree._Element) -> Token:
    total = (element.get("completeListSize") or "").strip()
    return Token(
        read_text(element),
        int(total) if total.isascii() and total.isdecimal() and len(total) < 16 else None,
        (element.get("cursor") or "").strip()[:40],
    )


def _name_fault(body: bytes) -> PassingFault:
    start = body[:2000].lstrip().lower()
    if not start:
        return PassingFault(mark("the answer is empty"))
    if b"<html" in start or start.startswith(b"<!doctype html"):
        return PassingFault(mark("the server answered with a web page instead of OAI-PMH"))
    if b"oai-pmh" in start:
        return PassingFault(mark("the answer was cut off"))
    return PassingFault(mark("the answer is not OAI-PMH"))
