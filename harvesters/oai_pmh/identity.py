"""What a server says of itself: its name, its oldest day, how fine its clock is; and the format we take from it.

All of it may be missing or wrong: a server that fails to identify itself is harvested by days, from the beginning.
"""

import html
from datetime import UTC, datetime

import msgspec

from harvesters.faults import AskedToWait
from harvesters.oai_pmh.client import OaiClient
from harvesters.xml import find_child, find_children, get_text
from lienthu.errors import HarvestError
from lienthu.i18n import mark

# The richest first. What comes after is taken in the server's own order.
PREFERRED_PREFIXES = ("marcxml", "marc21", "marc", "oai_marc", "oai_dc")
_MARC_PREFIXES = ("marcxml", "marc21", "marc")
_MARC_NAMESPACE = "http://www.loc.gov/MARC21/slim"


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """``earliest`` is ISO 8601 text or empty; ``ahead`` is how many seconds the server's clock is before ours."""

    name: str = ""
    earliest: str = ""
    by_second: bool = False
    deleted_record: str = ""
    ahead: float = 0.0


def read_identity(client: OaiClient, now: datetime) -> Identity:
    """Asks the server. What it does not say stays empty; only a server that wants to be left alone is an error."""
    try:
        response = client.harvest(verb="Identify")
    except AskedToWait:
        raise
    except HarvestError:
        return Identity()
    body = find_child(response.root, "Identify")
    if body is None:
        return Identity()
    stated = parse_time(response.response_date)
    earliest = get_text(body, "earliestDatestamp")
    return Identity(
        name=unescape_name(get_text(body, "repositoryName")),
        earliest=earliest if parse_time(earliest) else "",
        by_second="hh:mm" in get_text(body, "granularity").lower(),
        deleted_record=get_text(body, "deletedRecord").lower(),
        ahead=(stated - now).total_seconds() if stated else 0.0,
    )


def unescape_name(name: str) -> str:
    """``Th&#432; vi&#7879;n`` -> ``Thư viện``: some servers escape their name twice."""
    return " ".join(html.unescape(name).split())


def choose_prefix(client: OaiClient) -> str:
    """The richest format that the server lists; ``oai_dc``, which all must have, where it lists none."""
    offered = list_formats(client)
    names = {prefix.lower(): prefix for prefix in reversed(offered)}
    for prefix in PREFERRED_PREFIXES:
        if prefix in names:
            return names[prefix]
        if prefix == "marcxml":
            by_namespace = [offer for offer, namespace in offered.items() if namespace == _MARC_NAMESPACE]
            if by_namespace and not {"marcxml", "marc21"} & names.keys():
                return by_namespace[0]
    return next(iter(offered), "oai_dc")


def find_prefix(client: OaiClient, wanted: str) -> str:
    """What the server calls the format that it does not know as *wanted*: its name in another case, or another name of
    MARCXML; *wanted* where the server contradicts itself. Raises HarvestError that tells what it has."""
    offered = list_formats(client)
    names = {prefix.lower(): prefix for prefix in reversed(offered)}
    if not offered or wanted in offered:
        return wanted
    alike = _MARC_PREFIXES if wanted.lower() in _MARC_PREFIXES else (wanted.lower(),)
    found = next((names[name] for name in (wanted.lower(), *alike) if name in names), "")
    if not found:
        raise HarvestError(
            mark("the server does not have the format {format}; it has {formats}: mend format in partners.toml."),
            format=wanted,
            formats=", ".join(offered),
        )
    return found


def list_formats(client: OaiClient) -> dict[str, str]:
    """The prefixes that the server lists, with their namespaces; none where it does not answer."""
    try:
        response = client.harvest(verb="ListMetadataFormats")
    except AskedToWait:
        raise
    except HarvestError:
        return {}
    body = find_child(response.root, "ListMetadataFormats")
    offered: dict[str, str] = {}
    for element in find_children(body, "metadataFormat") if body is not None else ():
        prefix = get_text(element, "metadataPrefix")
        if prefix:
            offered.setdefault(prefix, get_text(element, "metadataNamespace"))
    return offered


def parse_time(text: str) -> datetime | None:
    """A datestamp of the protocol, by day or by second, as UTC; None for anything else."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
