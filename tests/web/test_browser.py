"""The pages in a real browser: a search, a facet, an edition; by keyboard, on a phone, without scripts; and axe."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/search?q=dân+tộc",
    "/search?language=vi&language=tyz&year=1990-1999",
    "/search?q=không+có+gì+cả",
    "/editions/lt1",
    "/editions/lt2",
    "/editions/lt3",
    "/partners",
    "/help",
    "/nowhere",
    "/editions/gone",
)
NARROW = {"width": 360, "height": 740}
AT_400_PER_CENT = {"width": 320, "height": 256}
WIDE = {"width": 1280, "height": 900}


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Any]:
    """Opens a page in a context of its own and fails the test if the browser complained."""
    complaints: list[str] = []
    contexts = []

    def open_in(path: str, **options: Any) -> Page:
        context = browser.new_context(base_url=address, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield open_in
    for context in contexts:
        context.close()
    assert [text for text in complaints if "status of 4" not in text] == []


def measure_overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["phone", "desk"])
def test_a_search_a_facet_and_an_edition(open_page: Any, scripts: bool, viewport: dict[str, int]) -> None:
    page = open_page("/", java_script_enabled=scripts, viewport=viewport)
    page.get_by_role("searchbox").fill("dân")
    page.get_by_role("button", name="Tìm kiếm").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("“dân” — 61 tài liệu")
    if viewport is NARROW:
        page.get_by_text("Lọc kết quả", exact=True).first.click()
    page.get_by_label("Luận văn, luận án (1)").check()
    page.get_by_role("button", name="Áp dụng").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 tài liệu")
    expect(page.get_by_role("link", name="Dạng tài liệu: Luận văn, luận án")).to_be_visible()
    page.get_by_role("link", name="Tri thức dân gian").click()
    expect(page.get_by_role("heading", level=2).first).to_have_text("Ở đâu có")
    expect(page.get_by_text("390 TR300T")).to_be_visible()


def test_a_facet_shows_as_many_as_its_number_says(open_page: Any) -> None:
    page = open_page("/search?q=dân", viewport=WIDE)
    page.get_by_role("button", name="1990–1999 (10)").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("10 tài liệu")
    page.get_by_role("link", name="Năm xuất bản: 1990–1999").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("61 tài liệu")


def test_empty_fields_stay_out_of_the_address(open_page: Any) -> None:
    page = open_page("/search?q=dân", viewport=WIDE)
    page.get_by_label("Tiếng Tày").check()
    page.get_by_role("button", name="Áp dụng").first.click()
    page.wait_for_url("**language=tyz**")
    assert "year_from" not in page.url


def test_everything_can_be_done_by_keyboard(open_page: Any) -> None:
    page = open_page("/", viewport=WIDE)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Đến nội dung chính")).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("dân")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("61 tài liệu")
    box = page.get_by_label("Tiếng Tày (60)")
    for _ in range(60):
        page.keyboard.press("Tab")
        if box.evaluate("element => element === document.activeElement"):
            break
    expect(box).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("60 tài liệu")
    first = (
        page.get_by_role("listitem").filter(has=page.get_by_role("heading", level=2)).first.get_by_role("link").first
    )
    first.focus()
    assert first.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2).first).to_have_text("Ở đâu có")


def test_the_filters_of_a_phone_say_how_many_are_active(open_page: Any) -> None:
    page = open_page("/search?language=vi&type=book", viewport=NARROW)
    expect(page.get_by_text("Lọc kết quả (đang dùng 2)")).to_be_visible()
    expect(page.get_by_label("Tiếng Việt")).to_be_hidden()


@pytest.mark.parametrize("code", ["vi", "en", "zh"])
def test_nothing_scrolls_sideways_on_a_phone_or_at_400_per_cent(open_page: Any, code: str) -> None:
    page = open_page(f"/?lang={code}", viewport=NARROW)
    for path in PAGES:
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
        for viewport in (NARROW, AT_400_PER_CENT):
            page.set_viewport_size(viewport)
            assert measure_overflow(page) == 0, (path, viewport)


def test_targets_are_large_enough_for_a_thumb(open_page: Any) -> None:
    page = open_page("/search?q=dân&type=book", viewport=NARROW, has_touch=True)
    page.get_by_text("Lọc kết quả (").first.click()
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, select, summary, input:not([type=hidden], [type=checkbox]),"
            + " .choices label, .chips a, .paging a, .languages a, footer a")]
            .filter(element => element.checkVisibility() && element.getBoundingClientRect().height < 44)
            .map(element => element.outerHTML.slice(0, 80))"""
    )
    assert small == []


@pytest.mark.parametrize(
    ("scheme", "code", "viewport"),
    [("light", "vi", NARROW), ("dark", "vi", WIDE), ("light", "en", WIDE), ("dark", "zh", NARROW)],
    ids=["light phone", "dark desk", "English light desk", "Chinese dark phone"],
)
def test_axe_finds_no_fault(open_page: Any, scheme: str, code: str, viewport: dict[str, int]) -> None:
    page = open_page(f"/?lang={code}", viewport=viewport, color_scheme=scheme, bypass_csp=True)
    for path in PAGES:
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"


def test_the_page_obeys_its_own_content_security_policy(open_page: Any) -> None:
    page = open_page("/search?q=dân", viewport=WIDE)
    assert page.evaluate("getComputedStyle(document.querySelector('.brocade')).backgroundImage").startswith("url(")
    assert page.evaluate("document.fonts.size") == 0


def test_colours_of_the_reader_are_respected(open_page: Any) -> None:
    page = open_page("/search?q=dân", viewport=WIDE, forced_colors="active")
    assert page.evaluate("getComputedStyle(document.querySelector('.brocade')).display") == "none"


def test_paper_shows_the_results_and_not_the_controls(open_page: Any) -> None:
    page = open_page("/search?q=dân", viewport=WIDE)
    page.emulate_media(media="print")
    expect(page.locator("#filters")).to_be_hidden()
    expect(page.get_by_role("heading", level=2).first).to_be_visible()
