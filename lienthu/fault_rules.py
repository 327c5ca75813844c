"""Rules of faults: what a server or a file does that its standard forbids, and how the library mends it.

The one table for `lienthu check`: whoever names a fault takes a rule from here. An ``error`` keeps a harvest from being
complete; with a ``warning`` everything is had, at some cost; a ``note`` is only told. ``section`` is that of the
standard. The sentences are English; ``locale/faults`` translates them.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from lienthu.finding import Severity
from lienthu.i18n import load_translations

FOLDER = Path(__file__).parent / "locale" / "faults"


class FaultRule(msgspec.Struct, frozen=True):
    slug: str
    severity: Severity
    section: str
    meaning: str
    mending: str


def find_fault_rule(slug: str) -> FaultRule:
    """Raises KeyError for a rule that the table lacks: a fault is never invented elsewhere."""
    return RULES[slug]


def tell_fault(slug: str, language: str) -> tuple[str, str]:
    """Meaning and mending in *language*."""
    rule = RULES[slug]
    translate = load_translations(language, FOLDER).gettext
    return translate(rule.meaning), translate(rule.mending)


_TABLE = (
    # Reaching it
    FaultRule(
        "not-reached",
        "error",
        "RFC 9110",
        "Nothing could be read at this address.",
        "Open the address in a browser from outside your network; mend the address, the certificate or the firewall.",
    ),
    FaultRule(
        "asks-to-wait",
        "error",
        "OAI-PMH 3.1.2.2",
        "The server asks to be left alone for longer than a harvest can wait.",
        "Raise the limit for harvesters, or tell us at which hours we may come.",
    ),
    FaultRule(
        "certificate-unchecked",
        "error",
        "RFC 5246 7.4.2",
        "The certificate cannot be checked: mostly the one in between is left out.",
        "Install the full chain of certificates on the server (fullchain), then check again.",
    ),
    FaultRule(
        "not-this-protocol",
        "error",
        "OAI-PMH 3.2",
        "The answer is a web page or something else, with status 200, where the protocol wants its own XML.",
        "Answer in the protocol, or with an HTTP error while the server is being looked after.",
    ),
    FaultRule(
        "answer-cut",
        "error",
        "OAI-PMH 3.2",
        "An answer broke off before its end.",
        "Raise the limits of time and size of the web server, or send smaller pages.",
    ),
    # XML
    FaultRule(
        "xml-ill-formed",
        "warning",
        "OAI-PMH 3.2",
        "The XML is not well-formed: raw < or &, unknown entities or forbidden characters. Records had to be mended.",
        "Escape <, > and & in every field once, and remove control characters.",
    ),
    FaultRule(
        "record-unreadable",
        "error",
        "OAI-PMH 3.2",
        "A record could not be read at all and would be lost.",
        "Export this record alone and look for raw <, & and characters of another encoding.",
    ),
    FaultRule(
        "text-after-end",
        "warning",
        "OAI-PMH 3.2",
        "There is text before or after the XML, such as notices of PHP.",
        "Switch off the display of warnings on the server.",
    ),
    FaultRule(
        "document-type",
        "error",
        "OAI-PMH 3.2",
        "The answer carries a document type with entities, which is never read.",
        "Send XML without DOCTYPE.",
    ),
    FaultRule(
        "namespace-wrong",
        "note",
        "OAI-PMH 3.2",
        "The answer is not in the namespace http://www.openarchives.org/OAI/2.0/.",
        "Set the namespace of the standard; other harvesters insist on it.",
    ),
    FaultRule(
        "content-type-wrong",
        "note",
        "OAI-PMH 3.1.2.1",
        "The answer is not sent as text/xml.",
        "Set Content-Type: text/xml; charset=UTF-8.",
    ),
    # Identify
    FaultRule(
        "identify-incomplete",
        "warning",
        "OAI-PMH 4.2",
        "Identify lacks elements that must be there.",
        "Fill in repositoryName, baseURL, protocolVersion, earliestDatestamp, deletedRecord, granularity, adminEmail.",
    ),
    FaultRule(
        "earliest-wrong",
        "warning",
        "OAI-PMH 4.2",
        "earliestDatestamp is missing or is no date.",
        "State the oldest datestamp of all records, in UTC.",
    ),
    FaultRule(
        "granularity-wrong",
        "warning",
        "OAI-PMH 4.2",
        "granularity is missing, or is neither YYYY-MM-DD nor YYYY-MM-DDThh:mm:ssZ.",
        "State the one that the datestamps really have.",
    ),
    FaultRule(
        "name-escaped",
        "note",
        "OAI-PMH 3.2",
        "The name of the repository is escaped twice.",
        "Store the name as plain text; the server escapes it once.",
    ),
    FaultRule(
        "clock-wrong",
        "warning",
        "OAI-PMH 3.3.2",
        "The server's clock is apart from ours: mostly local time that is stamped Z.",
        "State times in UTC. Until then every harvest asks again for fourteen hours before the last one.",
    ),
    FaultRule(
        "response-date-wrong",
        "note",
        "OAI-PMH 3.2",
        "The time of the answer (responseDate) is not in the form of the standard.",
        "Write it in UTC with a Z, without parts of a second: 2024-01-31T09:05:00Z.",
    ),
    FaultRule(
        "sets-unlisted",
        "note",
        "OAI-PMH 4.6",
        "ListSets is not answered.",
        "List the sets, or answer noSetHierarchy where there are none.",
    ),
    FaultRule(
        "deletions-untold",
        "warning",
        "OAI-PMH 2.5.1",
        "The server does not say which records were deleted.",
        "Keep deleted records (deletedRecord persistent). Until then all identifiers are asked for once a week.",
    ),
    # Errors of the protocol
    FaultRule(
        "bad-verb-unanswered",
        "note",
        "OAI-PMH 3.6",
        "A verb that does not exist is not answered with badVerb.",
        "Answer wrong requests with the error codes of the standard.",
    ),
    FaultRule(
        "bad-format-unanswered",
        "note",
        "OAI-PMH 3.6",
        "A format that does not exist is not answered with cannotDisseminateFormat.",
        "Answer wrong requests with the error codes of the standard.",
    ),
    FaultRule(
        "error-code-invented",
        "warning",
        "OAI-PMH 3.6",
        "The server uses an error code that is not in the standard.",
        "Use the codes of the standard as they are spelt there.",
    ),
    # Formats and sets
    FaultRule(
        "formats-unlisted",
        "warning",
        "OAI-PMH 4.4",
        "The formats on offer are not listed.",
        "Answer ListMetadataFormats.",
    ),
    FaultRule(
        "oai-dc-missing",
        "warning",
        "OAI-PMH 3.4",
        "oai_dc is not on offer, which every server must have.",
        "Switch on oai_dc beside the other formats.",
    ),
    FaultRule(
        "marc-missing",
        "note",
        "OAI-PMH 3.4",
        "No MARC is on offer: call numbers, copies and roles are mostly lost in Dublin Core.",
        "Switch on marcxml if your system has it.",
    ),
    # Records
    FaultRule(
        "list-refused",
        "error",
        "OAI-PMH 4.5",
        "The list of records is refused.",
        "Look at what the server answers, and try the same request in a browser.",
    ),
    FaultRule(
        "no-records",
        "error",
        "OAI-PMH 4.5",
        "The list of records is empty.",
        "See whether the records are public, and whether the index of the OAI server was built.",
    ),
    FaultRule(
        "identifier-missing",
        "error",
        "OAI-PMH 2.4",
        "A record has no identifier.",
        "Give every record an identifier that never changes.",
    ),
    FaultRule(
        "identifier-repeated",
        "error",
        "OAI-PMH 2.4",
        "One identifier stands for several records.",
        "Give each record a number of its own.",
    ),
    FaultRule(
        "identifier-localhost",
        "note",
        "OAI-PMH 2.4",
        "Identifiers name localhost: another library's server may give the same ones.",
        "Set the name of your own host in the settings of the OAI server.",
    ),
    FaultRule(
        "datestamp-wrong",
        "warning",
        "OAI-PMH 2.5",
        "A record has no datestamp, or one that is no date.",
        "Stamp each record with the time of its last change, in UTC.",
    ),
    FaultRule(
        "datestamp-granularity",
        "warning",
        "OAI-PMH 3.3.2",
        "Datestamps are not as fine as granularity says.",
        "State the granularity that the datestamps really have.",
    ),
    FaultRule(
        "metadata-missing",
        "error",
        "OAI-PMH 2.5",
        "A record that is not deleted comes without metadata.",
        "Mark it as deleted, or send what it says.",
    ),
    FaultRule(
        "record-rejected",
        "error",
        "OAI-PMH 2.5",
        "A record cannot be taken.",
        "See the reason beside it.",
    ),
    FaultRule(
        "get-record-fails",
        "note",
        "OAI-PMH 4.1",
        "GetRecord does not give a record that the list has just given.",
        "Look at the identifiers: the list and GetRecord must use the same.",
    ),
    # Flow control
    FaultRule(
        "token-dead",
        "error",
        "OAI-PMH 3.5",
        "The server does not know its own resumption token: nothing after the first pages can be had.",
        "Keep the state of a list for at least some minutes, or write it into the token.",
    ),
    FaultRule(
        "token-repeats",
        "error",
        "OAI-PMH 3.5",
        "The same resumption token comes again: the list leads in a circle.",
        "Give each page a token of its own and an empty one at the end.",
    ),
    FaultRule(
        "token-ignored",
        "error",
        "OAI-PMH 3.5",
        "The resumption token is not heeded: the same records come again.",
        "Look at how the server reads resumptionToken.",
    ),
    FaultRule(
        "token-once",
        "warning",
        "OAI-PMH 3.5.1",
        "A resumption token works only once, so a page that is lost on the way cannot be asked for again.",
        "The last token given must give the same page again.",
    ),
    FaultRule(
        "list-capped",
        "error",
        "OAI-PMH 3.5",
        "The list ends at a round number, as if it was capped.",
        "Raise the limit. Until then the list is asked for in pieces by date.",
    ),
    FaultRule(
        "list-short",
        "error",
        "OAI-PMH 3.5",
        "The list ends before the total that it states (completeListSize).",
        "Look for records that fail while they are written; or state the right total.",
    ),
    FaultRule(
        "end-unmarked",
        "warning",
        "OAI-PMH 3.5",
        "The last page does not bear the empty resumption token that proves that the list has ended.",
        "Send an empty resumptionToken with the last page, and completeListSize.",
    ),
    FaultRule(
        "total-unstated",
        "note",
        "OAI-PMH 3.5",
        "The list does not state its total (completeListSize), so it is harder to prove that everything came.",
        "State completeListSize in the resumption token.",
    ),
    # Selective harvesting
    FaultRule(
        "dates-ignored",
        "warning",
        "OAI-PMH 2.7.1",
        "Dates (from, until) are not heeded: every harvest has to take everything.",
        "Let the server select by the datestamp of the records.",
    ),
    FaultRule(
        "dates-refused",
        "warning",
        "OAI-PMH 2.7.1",
        "Dates (from, until) are refused: every harvest has to take everything.",
        "Allow from and until in the granularity that Identify states.",
    ),
    FaultRule(
        "dates-lose",
        "error",
        "OAI-PMH 2.7.1",
        "Asked for the day of a record, the server does not give that record: changes would be missed.",
        "Both ends of the span are included; look at the time zone of the selection.",
    ),
    # SRU
    FaultRule(
        "sru-explain-missing",
        "note",
        "SRU 1.2, Explain",
        "The server does not explain itself.",
        "Answer operation=explain with the indexes and record schemas.",
    ),
    FaultRule(
        "sru-diagnostic",
        "error",
        "SRU 1.2, Diagnostics",
        "The search is answered with a diagnostic.",
        "Look at the query and the indexes that the server has; name another with --query.",
    ),
    FaultRule(
        "sru-total-missing",
        "error",
        "SRU 1.2, Response Parameters",
        "numberOfRecords is missing, so nothing proves that everything came.",
        "State numberOfRecords.",
    ),
    FaultRule(
        "sru-schema-missing",
        "warning",
        "SRU 1.2, Request Parameters",
        "No MARC record schema is on offer.",
        "Offer marcxml or unimarcxchange.",
    ),
    FaultRule(
        "sru-order-unsteady",
        "error",
        "SRU 1.2, Request Parameters",
        "The same part of a result holds other records when it is asked for again.",
        "Give results a fixed order.",
    ),
    FaultRule(
        "sru-start-ignored",
        "error",
        "SRU 1.2, Request Parameters",
        "startRecord is not heeded: the second part of a result is the first one again.",
        "Look at how the server reads startRecord and maximumRecords.",
    ),
    # Pages
    FaultRule(
        "robots-forbid",
        "error",
        "RFC 9309",
        "robots.txt keeps us from the catalogue.",
        "Allow LienThu in robots.txt for the pages of records.",
    ),
    FaultRule(
        "page-without-metadata",
        "error",
        "schema.org, Dublin Core HTML",
        "The page says nothing for machines: no JSON-LD, no Dublin Core tags, no COinS.",
        "Give the address of a record's page; or switch on COinS or schema.org in the catalogue; or describe the pages "
        "in partners.toml (spider = “pages”).",
    ),
    FaultRule(
        "json-ld-broken",
        "warning",
        "JSON-LD 1.1",
        "JSON-LD on the page cannot be read.",
        "Check the page with a validator for structured data.",
    ),
    # Files
    FaultRule(
        "file-unreadable",
        "error",
        "ISO 2709",
        "The file cannot be read to its end.",
        "Export it again, in binary form, and compare its size after sending.",
    ),
    FaultRule(
        "file-rejected",
        "error",
        "ISO 2709",
        "Records of the file cannot be taken.",
        "See the reason beside it; the others are taken all the same.",
    ),
    FaultRule(
        "file-empty",
        "error",
        "ISO 2709",
        "The file holds no record.",
        "Look whether the export had a selection.",
    ),
)

RULES: Mapping[str, FaultRule] = {rule.slug: rule for rule in _TABLE}
