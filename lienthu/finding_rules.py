"""Rules of findings: what each doubt means, and how the partner mends it in its own system.

The one table of all rules: whoever makes a finding takes a rule from here, and the report to a partner, `lienthu
explain` and the documentation tell it in these words. The sentences are English; ``locale/findings`` translates them.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from lienthu.finding import Severity
from lienthu.i18n import load_translations

FOLDER = Path(__file__).parent / "locale" / "findings"
BROKEN = "rule-broken"
"""Stands for every ``<field>-rule-broken``, which only a defect of a crosswalk raises."""


class FindingRule(msgspec.Struct, frozen=True):
    """``severity`` is the usual one: a ``note`` is only told, a ``warning`` should be mended, an ``error`` lost
    something."""

    slug: str
    severity: Severity
    meaning: str
    mending: str


def find_rule(slug: str) -> FindingRule | None:
    """The rule of a finding; None where the table has none."""
    return RULES.get(BROKEN if slug.endswith(f"-{BROKEN}") else slug)


def tell_rule(slug: str, language: str) -> tuple[str, str]:
    """Meaning and mending in *language*; of a rule that is not in the table, its name and nothing."""
    rule = find_rule(slug)
    if rule is None:
        return slug, ""
    translate = load_translations(language, FOLDER).gettext
    return translate(rule.meaning), translate(rule.mending)


_TABLE = (
    # What intake met
    FindingRule(
        "id-missing",
        "warning",
        "The record has no identifier of its own, so its content had to give one: whenever you change it, it "
        "looks like another record.",
        "Export the control number (field 001, or a column with a number that never changes).",
    ),
    FindingRule(
        "id-reused",
        "warning",
        "Another record bears the same identifier; both were kept.",
        "Give each record a number of its own; if one of the two is a leftover, delete it.",
    ),
    FindingRule(
        "record-repeated",
        "note",
        "Another record of the same list describes the same edition.",
        "If both are of the same book, keep one and move all its copies there; if one is the electronic form, say "
        "so in 245 $h or 300 $a.",
    ),
    FindingRule(
        "id-changed-work",
        "warning",
        "The record keeps its identifier but now describes another work. Links to the old work tell that it is gone; "
        "they do not lead to the new one.",
        "Never give a number again: enter a new work under a new number, and delete the record of the old one.",
    ),
    FindingRule(
        "record-repaired",
        "warning",
        "The record was damaged in transfer and was mended as it came in.",
        "Export the file again in binary form, without any conversion of text.",
    ),
    FindingRule(
        "cell-formula",
        "warning",
        "A cell of the table holds a formula; the value beside it was taken and nothing was worked out.",
        "Paste the column as values before you save the table.",
    ),
    FindingRule(
        "cell-error",
        "warning",
        "A cell of the table holds an error such as #N/A and was left empty.",
        "Mend the formula or type the value.",
    ),
    # Records that could not be understood
    FindingRule(
        "title-missing",
        "error",
        "The record has no title, so nobody can find it: it is not in the catalogue.",
        "Enter the title (245 $a, dc:title, or the title column).",
    ),
    FindingRule(
        "format-unsupported",
        "error",
        "The record came in a format that we cannot read yet.",
        "Share MARC 21, UNIMARC, MODS, Dublin Core or a table instead.",
    ),
    FindingRule(
        "record-unreadable",
        "error",
        "The record could not be read at all.",
        "Open the record in your system, save it again and export it; if it stays, write to us.",
    ),
    FindingRule(
        "rule-broken",
        "error",
        "One field of the record is of a shape that we have never met.",
        "Look at the field that is named and write to us: the fault may be ours.",
    ),
    FindingRule(
        "record-missing",
        "error",
        "The envelope of the record is empty: there is no description in it.",
        "Check the export profile of your server for this format.",
    ),
    FindingRule(
        "record-too-long",
        "error",
        "The record is longer than one million bytes.",
        "Full text and pictures do not belong in a record: give a link to them.",
    ),
    FindingRule(
        "too-many-fields",
        "error",
        "The record has more than ten thousand fields.",
        "Look whether two records, or a whole file, have been joined into one.",
    ),
    FindingRule(
        "fields-missing",
        "error",
        "Nothing in the record is a field.",
        "Export the record again.",
    ),
    FindingRule(
        "directory-missing",
        "error",
        "The record has no directory, so its fields cannot be told apart.",
        "Export the file again as ISO 2709, and do not edit it in a text editor.",
    ),
    FindingRule(
        "row-broken",
        "error",
        "A row of the table could not be read.",
        "Save the table again as CSV in UTF-8, or as Excel.",
    ),
    FindingRule(
        "page-broken",
        "error",
        "The page of the web catalogue holds no description that could be read.",
        "Look at the page in a browser: it may have moved or show an error.",
    ),
    FindingRule(
        "xml-broken",
        "error",
        "The XML is not well formed: something after the break may be lost.",
        "Your server should write < as &lt; and & as &amp; in titles; ask its maker for a newer version.",
    ),
    # Titles and names
    FindingRule(
        "title-repeated",
        "warning",
        "The record has two title fields; only the first is the title here.",
        "Keep one 245 and move the other title to 246 or 740.",
    ),
    FindingRule(
        "title-in-capitals",
        "note",
        "The title is all in capitals, which is hard to read.",
        "Write it as in a sentence.",
    ),
    FindingRule(
        "volume-in-title",
        "note",
        "The volume stands inside the title; it was found and set apart.",
        "Put the number of the volume in 245 $n and its own title in $p.",
    ),
    FindingRule(
        "title-too-long",
        "note",
        "The title has more than 500 characters: an abstract may have slipped in.",
        "Move what is not the title to 520 or 500.",
    ),
    FindingRule(
        "name-impossible",
        "warning",
        "What stands where a name should is no name (a formula, a title, an edition).",
        "Correct the author field; if nobody is named, leave it empty.",
    ),
    FindingRule(
        "name-nobody",
        "warning",
        "Words such as “many authors” or “unknown” stand where a name should.",
        "Leave the author field empty and keep these words in 245 $c.",
    ),
    FindingRule(
        "name-with-title",
        "note",
        "An academic title stands before the name.",
        "Leave it out of $a, or put it in $c.",
    ),
    FindingRule(
        "name-with-others",
        "note",
        "“And others” stands in the name field.",
        "Keep these words in 245 $c only.",
    ),
    FindingRule(
        "main-entry-repeated",
        "note",
        "The record has more than one main entry (1XX).",
        "Keep the first in 100 and move the others to 700.",
    ),
    FindingRule(
        "publisher-as-author",
        "warning",
        "The publishing house is entered as author.",
        "Delete it from 110/710: it belongs in 260 $b.",
    ),
    # Numbers
    FindingRule(
        "isbn-invalid",
        "warning",
        "The ISBN is wrong: its check digit or its length does not fit, so readers who type it from the book "
        "may not find it.",
        "Compare it with the book; if the book itself is misprinted, put the number in 020 $z.",
    ),
    FindingRule(
        "issn-invalid",
        "warning",
        "The ISSN is wrong: its check digit does not fit.",
        "Compare it with the journal; a misprinted one belongs in 022 $y.",
    ),
    FindingRule(
        "price-in-isbn",
        "warning",
        "A price stands where the ISBN should.",
        "Move it from 020 $a to 020 $c.",
    ),
    FindingRule(
        "isbn-shared",
        "warning",
        "One ISBN stands on two different works.",
        "Compare both with the books: one of them was probably copied from the other record.",
    ),
    # Years and languages
    FindingRule(
        "year-impossible",
        "warning",
        "The year cannot be right (two or five digits, a year to come).",
        "Correct 260 $c from the book.",
    ),
    FindingRule(
        "year-uncertain",
        "note",
        "The year is stated with a doubt, or only as a decade or a century.",
        "Nothing has to be done, unless you know the year.",
    ),
    FindingRule(
        "year-missing",
        "note",
        "No year of publication is given.",
        "Enter it in 260 $c; a guess in brackets is better than nothing.",
    ),
    FindingRule(
        "year-contradicts",
        "warning",
        "260 and 008 state different years.",
        "Correct the one that does not agree with the book.",
    ),
    FindingRule(
        "year-hijri",
        "warning",
        "The year is one of the Islamic calendar.",
        "Add the Gregorian year in brackets.",
    ),
    FindingRule(
        "language-missing",
        "note",
        "No language is stated; it was told from the title.",
        "Enter the code in 041 $a (vie, eng, chi) or in 008/35-37.",
    ),
    FindingRule(
        "language-unknown",
        "note",
        "The language is not a code that exists.",
        "Use the three-letter codes of MARC (vie, eng, fre, chi).",
    ),
    FindingRule(
        "language-word",
        "note",
        "“Bilingual” names no language.",
        "Enter a 041 $a for each language.",
    ),
    FindingRule(
        "language-mistaken",
        "warning",
        "The code is that of another people: yao is spoken in Malawi, nun in Myanmar.",
        "For the language of the Dao enter ium, for that of the Nùng nut, with $2 iso639-3 in 041.",
    ),
    FindingRule(
        "language-contradicts",
        "warning",
        "041 and 008 state different languages.",
        "Correct the one that is wrong; here 041 was believed.",
    ),
    # Subjects, copies, links
    FindingRule(
        "subject-repeats-title",
        "warning",
        "A subject heading only repeats the title, so it leads to nothing else.",
        "Replace 650 by what the book is about.",
    ),
    FindingRule(
        "pages-missing",
        "note",
        "The word “pages” stands without a number.",
        "Enter the number of pages before it in 300 $a, or leave the field empty.",
    ),
    FindingRule(
        "extent-is-type",
        "note",
        "The kind of document stands where its size belongs.",
        "Enter pages, volumes or discs in 300 $a; the kind of document belongs in leader/06 or 655.",
    ),
    FindingRule(
        "class-number-impossible",
        "note",
        "The number in 082 is not one of Dewey's.",
        "Begin it with three digits; other schemes belong in 084.",
    ),
    FindingRule(
        "copies-differ",
        "note",
        "The number of copies and the accession numbers do not agree.",
        "Correct the one that is out of date.",
    ),
    FindingRule(
        "copies-impossible",
        "warning",
        "The number of copies is no number.",
        "Enter digits only.",
    ),
    FindingRule(
        "link-inside",
        "warning",
        "The address works only inside your own network, so no reader elsewhere can follow it.",
        "Give the address under which the document is seen from outside, in 856 $u.",
    ),
    FindingRule(
        "link-refused",
        "warning",
        "The link is no web address, so no reader can follow it.",
        "Give the whole address with http:// or https:// in 856 $u.",
    ),
    # Text and its encoding
    FindingRule(
        "markup-in-field",
        "warning",
        "HTML stands in a field; it was taken out.",
        "Paste plain text only.",
    ),
    FindingRule(
        "encoding-undeclared",
        "note",
        "The record does not say truly how its letters are encoded.",
        "Export in UTF-8 with an “a” at leader/09.",
    ),
    FindingRule(
        "encoding-broken",
        "error",
        "Some letters are lost: their bytes belong to no encoding.",
        "Type the words again in your system, in Unicode.",
    ),
    FindingRule(
        "encoding-repaired",
        "warning",
        "The text was in an old encoding (TCVN3, VNI…) or damaged, and was turned into proper letters.",
        "Convert the field to Unicode in your system.",
    ),
    # The shape of MARC
    FindingRule(
        "staff-name",
        "note",
        "Names of your staff stand in the library's own fields; they are shown to nobody here.",
        "Leave 911 and 912 out of what you export.",
    ),
    FindingRule(
        "fixed-field-missing",
        "note",
        "There is no 008, so year, country and language are told from words alone.",
        "Set a default 008 in your cataloguing template.",
    ),
    FindingRule(
        "fixed-field-short",
        "warning",
        "008 has fewer than 40 characters: what stands at its end (the language) is lost or shifted.",
        "Open and save the record in your system, or fill 008 with blanks to 40 characters.",
    ),
    FindingRule(
        "leader-type-missing",
        "note",
        "The leader does not say what kind of document this is (leader/06).",
        "Choose the type when cataloguing: “a” for a book.",
    ),
    FindingRule(
        "leader-length-wrong",
        "warning",
        "The length in the leader is not that of the record.",
        "Export again as ISO 2709; do not edit the file by hand.",
    ),
    FindingRule(
        "base-address-wrong",
        "note",
        "The leader points to a wrong place for the first field.",
        "Export again as ISO 2709; do not edit the file by hand.",
    ),
    FindingRule(
        "directory-wrong",
        "warning",
        "The directory does not fit the fields; they were taken as they follow one another.",
        "The export counts characters where it should count bytes: ask the maker of your system.",
    ),
    FindingRule(
        "terminator-missing",
        "note",
        "The end of a field is not marked.",
        "Export again as ISO 2709; do not edit the file by hand.",
    ),
    FindingRule(
        "control-field-with-subfields",
        "warning",
        "A control field (001 to 009) has subfields.",
        "Take $a out of it.",
    ),
    FindingRule(
        "indicators-wrong",
        "note",
        "A field has too many or too few indicators.",
        "Each data field has exactly two; a blank is one.",
    ),
    FindingRule(
        "subfield-without-code",
        "note",
        "A subfield has no letter.",
        "Write $a, $b… before it, or delete it.",
    ),
    FindingRule(
        "subfields-missing",
        "note",
        "A field has text but no subfields.",
        "Write $a before the text.",
    ),
    FindingRule(
        "field-too-long",
        "error",
        "A field has more than 65,536 characters and was cut.",
        "Give a link to long texts instead.",
    ),
    FindingRule(
        "separators-printable",
        "note",
        "The file has # and $ where ISO 2709 wants control characters.",
        "Choose “ISO 2709” instead of a printable form when exporting.",
    ),
    FindingRule(
        "lines-of-text",
        "note",
        "The record came as lines of text.",
        "ISO 2709 or MARCXML lose less.",
    ),
    FindingRule(
        "line-unknown",
        "warning",
        "A line of the record belongs to no field and was passed over.",
        "Take line breaks out of fields.",
    ),
)

RULES: Mapping[str, FindingRule] = {rule.slug: rule for rule in _TABLE}
