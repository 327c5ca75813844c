"""The published description of the API (OpenAPI 3.1). Its schemas are those of the structs that are sent."""

from typing import Any

import msgspec

from lienthu import __version__
from lienthu.search import MAX_WINDOW, Sort
from search_api.answer import MAX_QUERY, MAX_SIZE
from search_api.asking import FILTERS
from search_api.cards import EditionDescription, Health, PartnersAnswer, RecordCard, SearchAnswer
from search_api.problem import MEDIA_TYPE, Problem

_STRUCTS = (SearchAnswer, EditionDescription, RecordCard, PartnersAnswer, Health, Problem)
_REFERENCE = "#/components/schemas/{name}"

Document = dict[str, Any]


def build_openapi(root_path: str = "") -> Document:
    """The whole document; its server is the address under which it is read."""
    _, schemas = msgspec.json.schema_components(_STRUCTS, ref_template=_REFERENCE)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Liên Thư",
            "version": __version__,
            "description": "One search box over the holdings of many libraries.",
        },
        "servers": [{"url": root_path or "/"}],
        "paths": _describe_paths(),
        "components": {"schemas": schemas},
    }


def _describe_paths() -> Document:
    return {
        "/api/v1/search": _describe(
            "search", "Search editions", SearchAnswer, _describe_search_parameters(), errors=(400, 503)
        ),
        "/api/v1/editions/{id}": _describe(
            "readEdition", "One edition; an id that another took over answers 308, one that is gone 410",
            EditionDescription, [_in_path("id", "An edition's id")], errors=(404, 410, 503),
        ),
        "/api/v1/records/{partner}/{feed}/{source_id}": _describe(
            "readRecord", "One record as its library sent it", RecordCard,
            [
                _in_path("partner", "The library's id"),
                _in_path("feed", "The id of the way it shares"),
                _in_path("source_id", "The record's own id; slashes and colons may stand in it as they are"),
            ],
            errors=(404, 410),
        ),
        "/api/v1/partners": _describe("listPartners", "The libraries that share", PartnersAnswer, []),
        "/healthz": _describe("tellHealth", "Whether the process lives", Health, []),
        "/readyz": _describe("tellReady", "Whether an index and the store serve", Health, [], errors=(503,)),
    }  # fmt: skip


def _describe_search_parameters() -> list[Document]:
    def one(name: str, description: str, schema: Document) -> Document:
        return {"name": name, "in": "query", "description": description, "schema": schema}

    many = {"type": "array", "items": {"type": "string"}}
    return [
        one(
            "q",
            'Words, "phrases", -not, OR, author: and other fields, ISBN',
            {"type": "string", "maxLength": MAX_QUERY},
        ),
        one("page", f"From 1; page × size is at most {MAX_WINDOW}", {"type": "integer", "minimum": 1, "default": 1}),
        one("size", "Hits on a page", {"type": "integer", "minimum": 1, "maximum": MAX_SIZE, "default": 20}),
        one("sort", "The order of hits", {"type": "string", "enum": list(Sort), "default": Sort.RELEVANCE}),
        one("year", "1990-2000, 1990-, -2000, 1990 or unknown", {"type": "string"}),
        one("strict", "1: every word must match, even if that finds little", {"type": "string"}),
        one("lang", "Language of labels and messages", {"type": "string", "enum": ["vi", "en", "zh"]}),
        *(one(facet, "Any of these values; may be repeated", many) for facet in FILTERS),
    ]


def _in_path(name: str, description: str) -> Document:
    return {"name": name, "in": "path", "required": True, "description": description, "schema": {"type": "string"}}


def _describe(
    name: str, summary: str, struct: type, parameters: list[Document], errors: tuple[int, ...] = ()
) -> Document:
    def refer(to: type, media_type: str, description: str) -> Document:
        schema = {"$ref": _REFERENCE.format(name=to.__name__)}
        return {"description": description, "content": {media_type: {"schema": schema}}}

    responses = {"200": refer(struct, "application/json", "The answer")}
    responses.update({str(status): refer(Problem, MEDIA_TYPE, "Why not, and what to do") for status in errors})
    return {"get": {"operationId": name, "summary": summary, "parameters": parameters, "responses": responses}}
