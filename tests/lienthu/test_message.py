"""What was said once is shown to each reader in their language, and comes out of the store as it went in."""

import msgspec
import pytest

from lienthu.errors import HarvestError
from lienthu.i18n import load_translations, mark, mark_plural
from lienthu.message import LONGEST_FACT, Message, build_message, build_plural, join_messages, quote_text

VIETNAMESE = load_translations("vi")
DEAD = Message(mark("the resumption token was no longer known"))
SHORT = build_message(mark("received {received} of {promised}: {reason}"), received=5, promised=9, reason=DEAD)
VANISHING = mark_plural(
    "{count} of {live} records would vanish ({share} %)", "{count} of {live} records would vanish ({share} %)"
)
MESSAGES = [
    (Message(), "", ""),
    (DEAD, "the resumption token was no longer known", "máy chủ không còn nhận mã tiếp tục (resumptionToken)"),
    (
        SHORT,
        "received 5 of 9: the resumption token was no longer known",
        "nhận 5 trên 9: máy chủ không còn nhận mã tiếp tục (resumptionToken)",
    ),
    (
        build_plural(VANISHING, 30, live=100, share="30"),
        "30 of 100 records would vanish (30 %)",
        "30 trong 100 biểu ghi sẽ mất (30 %)",
    ),
    (quote_text("{máy chủ} nghỉ"), "{máy chủ} nghỉ", "{máy chủ} nghỉ"),
    (
        join_messages([DEAD, Message(), quote_text("{x}")]),
        "the resumption token was no longer known; {x}",
        "máy chủ không còn nhận mã tiếp tục (resumptionToken); {x}",
    ),
]


@pytest.mark.parametrize(("message", "english", "vietnamese"), MESSAGES)
def test_a_message_speaks_the_language_of_its_reader(message: Message, english: str, vietnamese: str) -> None:
    kept = msgspec.json.decode(msgspec.json.encode(message), type=Message)
    assert kept == message
    assert (str(kept), kept.tell(VIETNAMESE.gettext, VIETNAMESE.ngettext)) == (english, vietnamese)
    assert bool(kept) == bool(english)


def test_one_of_many_has_its_own_form() -> None:
    forms = mark_plural("{count} page failed: {named}.", "{count} pages failed, such as {named}.")
    assert [str(build_plural(forms, count, named="x")) for count in (1, 2)] == [
        "1 page failed: x.",
        "2 pages failed, such as x.",
    ]


def test_an_error_is_kept_with_the_error_that_it_names() -> None:
    inner = HarvestError(mark("the server failed (HTTP {status})"), status=500)
    error = HarvestError(mark("{address}: {reason} ({tries} tries)."), address="a", reason=inner.keep(), tries=3)
    assert str(error) == str(error.keep()) == "a: the server failed (HTTP 500) (3 tries)."
    assert error.tell(VIETNAMESE.gettext) == error.keep().tell(VIETNAMESE.gettext, VIETNAMESE.ngettext)
    assert "máy chủ gặp lỗi (HTTP 500)" in error.tell(VIETNAMESE.gettext)


def test_a_template_of_another_release_is_shown_though_its_facts_are_others() -> None:
    assert str(Message("received {received}", {"count": 5})) == "received {received}"


def test_what_somebody_else_wrote_is_cut() -> None:
    assert build_message("{words}", words="w" * 5_000).facts["words"] == "w" * LONGEST_FACT
