"""The demo university's catalogue as web pages: lists of twenty with paging, one page per title, robots.txt.

No page says what it is in MARC; the metadata lies in the four styles of ``embedded``, one style a page, in turn. Pages
under ``/noi-bo/`` are linked from everywhere and forbidden by robots.txt: an honest spider never asks for them.
"""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from lienthu.demo.book import Book
from lienthu.demo.cataloguing import AVAILABLE, ON_LOAN, Copy
from lienthu.demo.embedded import HEAD_WRITERS, LIBRARY_NAME, STYLES, write_coins, write_whole_title
from lienthu.demo.library import Deposit, list_deposits

PAGE_SIZE = 20
ROBOTS = "User-agent: *\nDisallow: /noi-bo/\n"
FORBIDDEN_PATH = "/noi-bo/kho-han-che"
_FORBIDDEN = Book(key="noi-bo", title="Danh mục kho hạn chế (trang cấm thu thập)", at={"daihoc": 1})


class Page(NamedTuple):
    """One answer of the web server."""

    status: int
    content_type: str
    text: str


def build_page_path(number: int) -> str:
    """The address of the n-th title's page; ``number`` begins at 1."""
    return f"/sach/{number}"


def choose_style(number: int) -> str:
    """Which of the four ways of embedding metadata this title's page uses."""
    return STYLES[number % len(STYLES)]


def answer_page(path: str, query: dict[str, str], site: str) -> Page:
    """The page at this path; *site* is the server's own address, without a slash at the end."""
    deposits = list_deposits("daihoc")
    number = path.removeprefix("/sach/")
    if path == "/robots.txt":
        return Page(200, "text/plain; charset=utf-8", ROBOTS)
    if path == "/":
        return _page("Trang chủ", f'<p><a href="/sach">Tra cứu</a>: {len(deposits)} nhan đề (dữ liệu mẫu).</p>')
    if path == "/gioi-thieu":
        return _page("Giới thiệu", "<p>Đây là một thư viện mẫu. Trang này không mô tả tài liệu nào.</p>")
    if path == FORBIDDEN_PATH:
        return _show_book(Deposit(_FORBIDDEN, ()), "json-ld", site + path)
    if path == "/sach":
        return _show_list(deposits, query.get("trang", "1"))
    if path.startswith("/sach/") and number.isdigit() and 0 < int(number) <= len(deposits):
        return _show_book(deposits[int(number) - 1], choose_style(int(number)), site + path)
    return _page("Không tìm thấy", "<p>Không có trang này.</p>", status=404)


def _show_list(deposits: Sequence[Deposit], wanted: str) -> Page:
    last = -(-len(deposits) // PAGE_SIZE)
    if not wanted.isdigit() or not 0 < int(wanted) <= last:
        return _page("Không tìm thấy", "<p>Không có trang này.</p>", status=404)
    current = int(wanted)
    first = (current - 1) * PAGE_SIZE
    rows = "".join(
        f'<li><a href="{build_page_path(number)}">{escape(write_whole_title(deposit.book))}</a></li>'
        for number, deposit in enumerate(deposits[first : first + PAGE_SIZE], start=first + 1)
    )
    pages = " ".join(
        f'<a href="/sach?trang={number}">{number}</a>' for number in range(1, last + 1) if number != current
    )
    return _page(f"Danh mục, trang {current}", f'<ol start="{first + 1}">{rows}</ol><nav>Trang: {pages}</nav>')


def _show_book(deposit: Deposit, style: str, url: str) -> Page:
    book, copies = deposit
    writer = HEAD_WRITERS.get(style)
    lines = [
        ("Tác giả", "; ".join(name for name in (book.author or book.body, *book.more) if name)),
        ("Xuất bản", ", ".join(piece for piece in (book.place, book.pub, book.year) if piece)),
        ("Mô tả vật lý", book.size),
        ("Chủ đề", "; ".join(book.about)),
    ]
    described = "".join(f"<dt>{label}</dt><dd>{escape(text)}</dd>" for label, text in lines if text)
    body = f"<dl>{described}</dl>{_show_copies(copies)}"
    if writer is None:
        body += write_coins(book, copies, url)
    return _page(write_whole_title(book), body, head=writer(book, copies, url) if writer else "")


def _show_copies(copies: Sequence[Copy]) -> str:
    rows = "".join(
        f"<tr><td>{copy.accession_number}</td><td>{ON_LOAN if copy.on_loan else AVAILABLE}</td></tr>" for copy in copies
    )
    return f"<table><tr><th>Số ĐKCB</th><th>Tình trạng</th></tr>{rows}</table>" if rows else ""


def _page(title: str, body: str, *, head: str = "", status: int = 200) -> Page:
    text = (
        f'<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{escape(title)} - {LIBRARY_NAME}</title>'
        f'{head}</head><body><header><a href="/">{LIBRARY_NAME}</a> <a href="/sach">Danh mục</a>'
        f' <a href="/gioi-thieu">Giới thiệu</a> <a href="{FORBIDDEN_PATH}">Nội bộ</a></header>'
        f"<h1>{escape(title)}</h1>{body}</body></html>\n"
    )
    return Page(status, "text/html; charset=utf-8", text)
