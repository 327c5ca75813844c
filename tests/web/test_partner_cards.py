"""The page of libraries: what each shares, how its runs ended and why, in words for readers."""

from collections.abc import Callable
from datetime import date

import pytest

from lienthu.harvest_run import HarvestCounts, HarvestRun
from lienthu.i18n import load_translations
from lienthu.message import Message, build_message, build_plural, join_messages
from search_api.answer import FeedStanding, PartnerStanding
from tests.web.stub_catalogue import PARTNERS, StubCatalogue
from web.language import load_language
from web.presenters.holdings import (
    Reader,
)
from web.presenters.partners import present_partners, say_when
from web.presenters.run_reasons import KNOWN, OTHER_WORKS, find_reason

MakeReader = Callable[..., Reader]


TODAY = date(2026, 11, 21)


def test_partners_are_grouped_by_nearness_to_the_first(make_reader: MakeReader) -> None:
    page = present_partners(StubCatalogue().list_partners(), make_reader(), TODAY)
    assert [(group.title, len(group.cards)) for group in page.groups] == [
        ("Trong tỉnh", 2),
        ("Nơi khác trong nước", 9),
        ("Nước ngoài", 2),
    ]


def test_a_verdict_is_told_in_words_with_its_counts(make_reader: MakeReader) -> None:
    page = present_partners(StubCatalogue().list_partners(), make_reader(), TODAY)
    complete, incomplete = (card.feeds[0] for card in page.groups[0].cards)
    assert (complete.verdict_words, complete.share, complete.counts) == ("Hoàn tất", 100, "nhận 1.240 trên 1.240")
    assert (incomplete.verdict_words, incomplete.share) == ("Chưa đủ", 64)
    assert complete.last_complete == "Đủ lần gần nhất: hôm nay"


def test_a_library_that_never_came_through_is_not_said_to_be_shown(make_reader: MakeReader) -> None:
    counts = HarvestCounts()
    run = HarvestRun(id=1, partner_id="taybac", feed_id="web", verdict="failed", counts=counts, started="2026-11-20")
    standing = PartnerStanding(partner=PARTNERS["taybac"], feeds=(FeedStanding(feed_id="web", last_run=run),))
    feed = present_partners([standing], make_reader("en"), TODAY).groups[0].cards[0].feeds[0]
    assert feed.meaning == "No update has gone through yet: its documents may be missing."
    assert (feed.share, feed.last_complete) == (0, "Never complete yet")


@pytest.mark.parametrize(
    ("language", "words"), [("vi", "trừ 6 tài liệu"), ("en", "but for 6 records"), ("zh", "仅 6 条")]
)
def test_a_complete_run_that_rejected_records_is_not_said_to_hold_them(
    language: str, words: str, make_reader: MakeReader
) -> None:
    counts = HarvestCounts(received=11, stored=5, rejected=6)
    run = HarvestRun(id=1, partner_id="taybac", feed_id="web", verdict="complete", counts=counts, started="2026-11-20")
    standing = PartnerStanding(partner=PARTNERS["taybac"], feeds=(FeedStanding(feed_id="web", last_run=run),))
    assert words in present_partners([standing], make_reader(language), TODAY).groups[0].cards[0].feeds[0].meaning


def test_a_homepage_that_is_no_web_address_is_not_linked(make_reader: MakeReader) -> None:
    standing = PartnerStanding(partner=PARTNERS["taybac"])
    (group,) = present_partners([standing], make_reader(), TODAY).groups
    assert group.cards[0].homepage == ""


def test_no_partners_make_an_empty_page(make_reader: MakeReader) -> None:
    assert present_partners([], make_reader(), TODAY).groups == ()


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("2026-11-21T05:00:00Z", "hôm nay"),
        ("2026-11-20T05:00:00Z", "hôm qua"),
        ("2026-11-18T05:00:00Z", "3 ngày trước (18/11/2026)"),
        ("2026-01-18T05:00:00Z", "ngày 18/01/2026"),
        ("2026-11-22T05:00:00Z", "hôm nay"),
        ("", ""),
        ("x", ""),
    ],
)
def test_times_are_said_as_people_do(written: str, words: str, make_reader: MakeReader) -> None:
    assert say_when(written, make_reader(), TODAY) == words


def test_a_run_that_stopped_is_told_with_its_day_its_counts_and_its_reason(make_reader: MakeReader) -> None:
    message = "nhận 4200 trên 10069: mã lật trang không còn dùng được"
    run = HarvestRun(
        id=1,
        partner_id="taybac",
        feed_id="web",
        verdict="incomplete",
        counts=HarvestCounts(promised=10_069, received=4_200, stored=4_200),
        started="2026-11-20T01:00:00Z",
        message=Message(message),
    )
    feeds = (FeedStanding(feed_id="web", last_run=run, last_complete="2026-11-18T01:00:00Z"),)
    standing = PartnerStanding(partner=PARTNERS["taybac"], feeds=feeds)
    feed = present_partners([standing], make_reader(), TODAY).groups[0].cards[0].feeds[0]
    assert feed.counts == "Lần cập nhật hôm qua: nhận 4.200 trên 10.069: mã lật trang không còn dùng được"
    assert feed.last_complete == "Đủ lần gần nhất: 3 ngày trước (18/11/2026)"


@pytest.mark.parametrize(
    "message",
    ["", "x: https://a.example/oai cannot be read", "mend url in partners.toml", "run lienthu holds", "w" * 200],
)
def test_a_reason_that_is_for_the_admin_is_kept_from_readers(message: str) -> None:
    assert find_reason(Message(message), load_language("en")) == ""


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("vi", "máy chủ của thư viện không còn nhận mã tiếp tục"),
        ("en", "the resumption token was no longer known"),
        ("zh", "对方服务器不再接受续传令牌"),
    ],
)
@pytest.mark.parametrize("spoken", ["vi", "en"])
def test_what_stops_a_run_most_often_is_told_in_the_language_of_the_page(
    language: str, words: str, spoken: str
) -> None:
    told = load_translations(spoken).gettext("the resumption token was no longer known")
    assert find_reason(Message(f"nhận 4200 trên 10069: {told}"), load_language(language)) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("vi", "danh sách kết thúc sớm; 30 trong 100 tài liệu sẽ mất (30 %)"),
        ("en", "the list ended early; 30 of 100 records would vanish (30 %)"),
        ("zh", "列表提前结束; 100 条记录中将有 30 条消失（30%）"),
    ],
)
def test_a_reason_that_is_kept_with_its_facts_is_told_in_every_language(language: str, words: str) -> None:
    forms = next(known for known in KNOWN if isinstance(known, tuple))
    vanishing = build_plural(forms, 30, live=100, share="30")
    held = build_message("{reason}; lienthu holds", reason=vanishing)
    message = build_message("received 5: {reason}", reason=join_messages([Message("the list ended early"), held]))
    assert find_reason(message, load_language(language)) == words


def test_what_the_pages_do_not_know_is_told_in_the_languages_of_the_command_line() -> None:
    reason = build_message("the server answers {code}: {words}", code="badVerb", words=Message("no reason given"))
    told = [find_reason(reason, load_language(code)) for code in ("vi", "en", "zh")]
    assert told == ["máy chủ trả lời badVerb: không nêu lý do", "the server answers badVerb: no reason given", ""]


def test_a_fact_that_is_an_address_is_kept_from_readers() -> None:
    reason = build_message("{host} cannot be reached", host="oai.library.example")
    assert [find_reason(reason, load_language(code)) for code in ("vi", "en", "zh")] == ["", "", ""]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("vi", "Nhận 100: 3 trong 100 mã định danh nay được dùng cho tài liệu khác (3 %)"),
        ("en", "100 received: 3 of 100 identifiers now stand for other works (3 %)"),
        ("zh", "已收 100：100 个标识符中有 3 个现已改指其他文献（3%）"),
    ],
)
def test_a_complete_run_tells_readers_of_identifiers_that_stand_for_other_works(
    language: str, words: str, make_reader: MakeReader
) -> None:
    works = build_plural(OTHER_WORKS, 3, live=100, share="3")
    message = join_messages([Message("books.csv was read as GB18030"), works])
    run = HarvestRun(
        id=1,
        partner_id="taybac",
        feed_id="web",
        verdict="complete",
        counts=HarvestCounts(received=100, stored=100),
        started="2026-11-20T01:00:00Z",
        message=message,
    )
    standing = PartnerStanding(partner=PARTNERS["taybac"], feeds=(FeedStanding(feed_id="web", last_run=run),))
    feed = present_partners([standing], make_reader(language), TODAY).groups[0].cards[0].feeds[0]
    assert feed.counts.casefold() == words.casefold()


def test_another_reason_is_told_only_to_those_whose_language_it_is_in() -> None:
    reason = "máy chủ nghỉ trưa"
    assert [find_reason(Message(reason), load_language(code)) for code in ("vi", "en", "zh")] == [reason, "", ""]


def test_records_that_came_again_are_no_part_of_what_came(make_reader: MakeReader) -> None:
    counts = HarvestCounts(promised=100, received=140, stored=40, repeated=100)
    run = HarvestRun(
        id=1, partner_id="taybac", feed_id="web", verdict="incomplete", counts=counts, started="2026-11-20T01:00:00Z"
    )
    standing = PartnerStanding(partner=PARTNERS["taybac"], feeds=(FeedStanding(feed_id="web", last_run=run),))
    feed = present_partners([standing], make_reader(), TODAY).groups[0].cards[0].feeds[0]
    assert (feed.counts, feed.share) == ("Lần cập nhật hôm qua: nhận 40 trên 100", 40)
