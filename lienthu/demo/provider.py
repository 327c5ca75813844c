"""A small, honest OAI-PMH 2.0 server: the six verbs, two formats, sets, dates, resumption tokens and deleted records.

``answer_request`` is pure: arguments in, XML out. Errors of the protocol are answers with status 200, as it says.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from lienthu.demo.oai_repository import OaiFault, OaiPage, OaiRecord, OaiRepository, Selection, read_token

Arguments = dict[str, str]

_DATE = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?")
_LIST_ARGUMENTS = frozenset({"metadataPrefix", "set", "from", "until", "resumptionToken"})
_ALLOWED = {
    "Identify": frozenset[str](),
    "ListMetadataFormats": frozenset({"identifier"}),
    "ListSets": frozenset({"resumptionToken"}),
    "ListIdentifiers": _LIST_ARGUMENTS,
    "ListRecords": _LIST_ARGUMENTS,
    "GetRecord": frozenset({"identifier", "metadataPrefix"}),
}
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/'
    ' http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">'
)


def answer_request(repository: OaiRepository, pairs: Sequence[tuple[str, str]], base_url: str) -> str:
    """The whole response document for the arguments of one request, in the order received."""
    try:
        arguments = _check_arguments(pairs)
        verb = arguments.pop("verb")
        body = f"<{verb}>{_VERBS[verb](repository, arguments, base_url)}</{verb}>"
        shown = "".join(f" {name}={quoteattr(value)}" for name, value in pairs)
    except OaiFault as fault:
        body = f"<error code={quoteattr(fault.code)}>{escape(str(fault))}</error>"
        well_formed = fault.code not in ("badVerb", "badArgument")
        shown = "".join(f" {name}={quoteattr(value)}" for name, value in pairs) if well_formed else ""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    request = f"<responseDate>{now}</responseDate><request{shown}>{escape(base_url)}</request>"
    return f"{_HEAD}{request}{body}</OAI-PMH>\n"


def _check_arguments(pairs: Sequence[tuple[str, str]]) -> Arguments:
    arguments = dict(pairs)
    verb = arguments.get("verb", "")
    if verb not in _ALLOWED or [name for name, _ in pairs].count("verb") != 1:
        raise OaiFault("badVerb", "one verb of the protocol is needed")
    names = [name for name, _ in pairs if name != "verb"]
    if len(names) != len(set(names)) or not set(names) <= _ALLOWED[verb]:
        raise OaiFault("badArgument", "an argument is repeated or not known to this verb")
    return arguments


def _identify(repository: OaiRepository, arguments: Arguments, base_url: str) -> str:
    return (
        f"<repositoryName>{escape(repository.name)}</repositoryName><baseURL>{escape(base_url)}</baseURL>"
        "<protocolVersion>2.0</protocolVersion><adminEmail>mau@example.org</adminEmail>"
        f"<earliestDatestamp>{repository.earliest}</earliestDatestamp><deletedRecord>persistent</deletedRecord>"
        "<granularity>YYYY-MM-DDThh:mm:ssZ</granularity>"
    )


def _list_formats(repository: OaiRepository, arguments: Arguments, base_url: str) -> str:
    record = repository.find(arguments["identifier"]) if "identifier" in arguments else None
    prefixes = [prefix for prefix in repository.namespaces if record is None or prefix in record.metadata]
    if not prefixes:
        raise OaiFault("noMetadataFormats", "this record has no metadata any more")
    return "".join(
        f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix><schema>{repository.namespaces[prefix][0]}</schema>"
        f"<metadataNamespace>{repository.namespaces[prefix][1]}</metadataNamespace></metadataFormat>"
        for prefix in prefixes
    )


def _list_sets(repository: OaiRepository, arguments: Arguments, base_url: str) -> str:
    if "resumptionToken" in arguments:
        raise OaiFault("badResumptionToken", "the list of sets is a single page")
    if not repository.sets:
        raise OaiFault("noSetHierarchy", "there are no sets here")
    return "".join(
        f"<set><setSpec>{spec}</setSpec><setName>{escape(name)}</setName></set>"
        for spec, name in repository.sets.items()
    )


def _get_record(repository: OaiRepository, arguments: Arguments, base_url: str) -> str:
    if set(arguments) != {"identifier", "metadataPrefix"}:
        raise OaiFault("badArgument", "identifier and metadataPrefix are needed")
    record = repository.find(arguments["identifier"])
    repository.require_prefix(arguments["metadataPrefix"], record)
    return _write_record(record, arguments["metadataPrefix"])


def _list_identifiers(repository: OaiRepository, arguments: Arguments, base_url: str) -> str:
    page = _choose_page(repository, arguments)
    return "".join(_write_header(record) for record in page.records) + _write_token(page)


def _list_records(repository: OaiRepository, arguments: Arguments, base_url: str) -> str:
    page = _choose_page(repository, arguments)
    prefix = page.selection.prefix
    return "".join(_write_record(record, prefix) for record in page.records) + _write_token(page)


_VERBS: dict[str, Callable[[OaiRepository, Arguments, str], str]] = {
    "Identify": _identify,
    "ListMetadataFormats": _list_formats,
    "ListSets": _list_sets,
    "GetRecord": _get_record,
    "ListIdentifiers": _list_identifiers,
    "ListRecords": _list_records,
}


def _choose_page(repository: OaiRepository, arguments: Arguments) -> OaiPage:
    if "resumptionToken" in arguments:
        if len(arguments) > 1:
            raise OaiFault("badArgument", "resumptionToken stands alone")
        return repository.list_page(*read_token(arguments["resumptionToken"]))
    if not arguments.get("metadataPrefix"):
        raise OaiFault("badArgument", "metadataPrefix is needed")
    start, end = arguments.get("from", ""), arguments.get("until", "")
    if any(date and not _DATE.fullmatch(date) for date in (start, end)):
        raise OaiFault("badArgument", "dates are YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ")
    if start and end and (len(start) != len(end) or start > end):
        raise OaiFault("badArgument", "from and until differ in form, or from is the later one")
    return repository.list_page(Selection(arguments["metadataPrefix"], arguments.get("set", ""), start, end))


def _write_header(record: OaiRecord) -> str:
    status = ' status="deleted"' if record.deleted else ""
    sets = "".join(f"<setSpec>{spec}</setSpec>" for spec in record.sets)
    return (
        f"<header{status}><identifier>{escape(record.identifier)}</identifier>"
        f"<datestamp>{record.datestamp}</datestamp>{sets}</header>"
    )


def _write_record(record: OaiRecord, prefix: str) -> str:
    metadata = "" if record.deleted else f"<metadata>{record.metadata[prefix]}</metadata>"
    return f"<record>{_write_header(record)}{metadata}</record>"


def _write_token(page: OaiPage) -> str:
    """A list of one page needs no token; the last page of a longer list has an empty one."""
    if not page.cursor and not page.token:
        return ""
    counts = f'completeListSize="{page.total}" cursor="{page.cursor}"'
    return f"<resumptionToken {counts}>{escape(page.token)}</resumptionToken>"
