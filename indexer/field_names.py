"""The fields of a Record and their parts in words, for the commands that show them to a person."""

from collections.abc import Mapping

from lienthu.i18n import _, mark

FIELDS: Mapping[str, str] = {
    "title": mark("title"), "type": mark("type"), "agents": mark("authors"), "publication": mark("publication"),
    "edition_statement": mark("edition"), "languages": mark("languages"), "subjects": mark("subjects"),
    "classifications": mark("class numbers"), "identifiers": mark("identifiers"),
    "extent": mark("physical description"), "audience": mark("audience"),
    "series": mark("series"), "abstract": mark("abstract"),
    "contents": mark("contents"), "notes": mark("notes"), "price": mark("price"), "print_run": mark("print run"),
    "links": mark("links"),
    "relations": mark("related documents"), "holdings": mark("copies"),
    "topics": mark("found under"),
}  # fmt: skip
PARTS: Mapping[str, str] = {
    "main": mark("main title"), "subtitle": mark("subtitle"), "parallel": mark("parallel title"),
    "responsibility": mark("statement of responsibility"), "volume": mark("volume"),
    "volume_key": mark("volume, as it is compared"), "part": mark("title of the part"),
    "variants": mark("other titles"), "place": mark("place"),
    "place_key": mark("place, as it is compared"), "publisher": mark("publisher"),
    "publisher_key": mark("publisher, as it is compared"), "publisher_label": mark("publisher, as a list shows it"),
    "linked": mark("in another script"), "also": mark("other publishers"),
    "date": mark("date"), "year": mark("year"), "year_end": mark("last year"),
    "classes": mark("class"), "school_subjects": mark("school subject"), "textbook_sets": mark("textbook set"),
    "kinds": mark("kind of book"), "peoples": mark("people"), "places": mark("place that it is about"),
}  # fmt: skip


def name_field(name: str) -> str:
    """``publication.year`` -> *publication: year*. What is not in the tables is called as in the code."""
    field, dot, part = name.partition(".")
    shown = _(FIELDS.get(field, field))
    return f"{shown}: {name_part(part)}" if dot else shown


def name_part(name: str) -> str:
    return _(PARTS.get(name, name))
