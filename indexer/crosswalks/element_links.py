"""Where elements say that a document can be had: its addresses, and the holding that each of them is."""

from indexer.crosswalks.doubts import doubt_link
from indexer.crosswalks.element_numbers import DOI
from indexer.crosswalks.element_values import Elements
from indexer.crosswalks.source import Source
from indexer.normalise.links import normalise_url, read_access
from lienthu.holding import Access, Holding
from lienthu.record import Link


def read_links(elements: Elements, source: Source, own_address: str) -> tuple[Link, ...]:
    """Addresses among the identifiers and relations (OJS puts the file there), and a DOI or handle without an address;
    what the rights say about access holds for all of them."""
    access: Access = read_access(" ".join(elements.every("accessrights", "rights")))
    files = [value.partition(" ")[2] for value in elements.every("format")]  # some write the file's address there
    values = [*elements.every("url", "identifier", "pdf_url", "relation"), *files]
    urls = [url for value in values if (url := normalise_url(value))] or [_resolve(value) for value in values]
    known = dict.fromkeys([url for url in urls if url and url != normalise_url(own_address)])
    for url in known:
        doubt_link(url, f"{elements.prefix}identifier", source)
    return tuple([Link(url=url, access=access) for url in known])[:100]


def _resolve(identifier: str) -> str:
    """``hdl:10625/1``, ``doi:10.1234/5`` and a bare DOI lead somewhere."""
    lowered = identifier.lower()
    if lowered.startswith("hdl:"):
        return normalise_url(f"https://hdl.handle.net/{identifier[4:].strip()}")
    doi = DOI.fullmatch(identifier.strip()) if "10." in identifier else None
    return normalise_url(f"https://doi.org/{doi[1]}") if doi else ""


def read_holdings(elements: Elements, source: Source, online: tuple[Link, ...]) -> tuple[Holding, ...]:
    """A record of a repository is had online, at its own addresses; any other is a document that the partner has."""
    raw = source.raw
    if online:
        return tuple([_build_online_holding(link, source) for link in online])
    return (
        Holding(
            partner_id=raw.partner_id,
            record=source.reference,
            as_of=raw.harvested_at,
            call_number=elements.first("callnumber", "shelfmark"),
        ),
    )


def _build_online_holding(link: Link, source: Source) -> Holding:
    raw = source.raw
    return Holding(
        partner_id=raw.partner_id,
        record=source.reference,
        as_of=raw.harvested_at,
        url=link.url,
        access=link.access,
    )
