"""A book as metadata inside a web page: JSON-LD, DC.* and citation_* meta tags, or COinS.

Each gives what that way can say: citation_* and COinS know no subjects, only JSON-LD tells of copies.
"""

import json
from collections.abc import Callable, Sequence
from html import escape
from urllib.parse import urlencode

from lienthu.demo.book import Book
from lienthu.demo.cataloguing import Copy

Writer = Callable[[Book, Sequence[Copy], str], str]
_LANGUAGES = {"vie": "vi", "eng": "en", "fre": "fr", "fra": "fr", "chi": "zh"}
LIBRARY_NAME = "Thư viện Đại học (thư viện mẫu)"


def write_whole_title(book: Book) -> str:
    """``Title : subtitle. T.1, Part``, as pages show it in one line."""
    title = f"{book.title} : {book.sub}" if book.sub else book.title
    volume = ", ".join(piece for piece in (book.vol, book.part) if piece)
    return f"{title}. {volume}" if volume else title


def write_language(book: Book) -> str:
    return _LANGUAGES.get(book.lang, book.lang)


def write_json_ld(book: Book, copies: Sequence[Copy], url: str) -> str:
    """A schema.org Book; each copy is an Offer with its accession number."""
    people = [{"@type": "Person", "name": name} for name in (book.author, *book.more) if name]
    bodies = [{"@type": "Organization", "name": book.body}] if book.body else []
    described = {
        "@context": "https://schema.org",
        "@type": "Thesis" if book.kind == "LA" else "Periodical" if book.kind == "TT" else "Book",
        "@id": url,
        "url": url,
        "name": write_whole_title(book),
        "author": people + bodies,
        "publisher": {"@type": "Organization", "name": book.pub} if book.pub else None,
        "locationCreated": {"@type": "Place", "name": book.place} if book.place else None,
        "datePublished": book.year,
        "bookEdition": book.ed,
        "inLanguage": write_language(book),
        "isbn": book.isbn,
        "description": book.abstract or book.note,
        "about": list(book.about),
        "keywords": "; ".join(book.words),
        "offers": [_offer(book, copy) for copy in copies],
    }
    text = json.dumps({name: value for name, value in described.items() if value}, ensure_ascii=False)
    harmless = text.replace("</", "<\\/")
    return f'<script type="application/ld+json">{harmless}</script>'


def _offer(book: Book, copy: Copy) -> dict[str, object]:
    return {
        "@type": "Offer",
        "serialNumber": copy.accession_number,
        "sku": f"{book.ddc} {book.cutter}".strip(),
        "availability": f"https://schema.org/{'OutOfStock' if copy.on_loan else 'InStock'}",
        "availableAtOrFrom": {"@type": "Library", "name": LIBRARY_NAME},
    }


def write_dublin_core(book: Book, copies: Sequence[Copy], url: str) -> str:
    pairs = [
        ("DC.title", write_whole_title(book)),
        ("DC.creator", book.author or book.body),
        *(("DC.contributor", name) for name in book.more),
        ("DC.publisher", book.pub),
        ("DC.date", book.year),
        ("DC.language", write_language(book)),
        ("DC.identifier", f"ISBN {book.isbn}" if book.isbn else ""),
        ("DC.identifier", url),
        *(("DC.subject", heading) for heading in (*book.about, *book.words)),
        ("DC.description", book.abstract or book.note),
        ("DC.format", book.size),
        ("DC.type", "Thesis" if book.kind == "LA" else "Text"),
    ]
    return '<link rel="schema.DC" href="http://purl.org/dc/elements/1.1/">' + _write_metas(pairs)


def write_citation(book: Book, copies: Sequence[Copy], url: str) -> str:
    publisher = "citation_dissertation_institution" if book.kind == "LA" else "citation_publisher"
    pairs = [
        ("citation_title", write_whole_title(book)),
        *(("citation_author", name) for name in (book.author or book.body, *book.more)),
        ("citation_publication_date", book.year),
        (publisher, book.pub),
        ("citation_isbn", book.isbn),
        ("citation_language", write_language(book)),
        ("citation_abstract_html_url", url),
    ]
    return _write_metas(pairs)


def _write_metas(pairs: Sequence[tuple[str, str]]) -> str:
    return "".join(f'<meta name="{name}" content="{escape(text)}">' for name, text in pairs if text)


def write_coins(book: Book, copies: Sequence[Copy], url: str) -> str:
    """An OpenURL in the title of an empty span; it stands in the body, the three others in the head."""
    names = [name for name in (book.author or book.body, *book.more) if name]
    pairs = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:book"),
        ("rft.genre", "book"),
        ("rft.btitle", write_whole_title(book)),
        *(("rft.au", name) for name in names),
        ("rft.place", book.place),
        ("rft.pub", book.pub),
        ("rft.date", book.year),
        ("rft.isbn", book.isbn),
        ("rft.language", write_language(book)),
        ("rft_id", url),
    ]
    context = urlencode([(name, text) for name, text in pairs if text])
    return f'<span class="Z3988" title="{escape(context)}"></span>'


HEAD_WRITERS: dict[str, Writer] = {
    "json-ld": write_json_ld,
    "dublin-core": write_dublin_core,
    "citation": write_citation,
}
STYLES = ("json-ld", "dublin-core", "citation", "coins")
