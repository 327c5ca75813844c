"""Judges a spider's run by its summary. Complete is only what finished by itself, inside its bounds, page by page."""

from harvesters.page import Ending
from harvesters.spider.address import name_source
from harvesters.spider.lines import SpiderSummary
from lienthu.i18n import mark, mark_plural
from lienthu.message import Message, build_message, build_plural, join_messages

_NAMED = 3


def judge_summary(summary: SpiderSummary, url: str, *, found: int) -> Ending:
    """The run's ending; *found* is the number of records that it has, those of before a kill included."""
    if summary.start_forbidden:
        words = mark("robots.txt of {url} does not allow this harvest: ask the partner to allow it.")
        return Ending(verdict="failed", message=build_message(words, url=url))
    kept_ids = tuple(name_source(address) for address in summary.failed)
    if summary.not_before:
        words = mark("{url} asks not to be asked again before {time}.")
        message = build_message(words, url=url, time=summary.not_before)
        return Ending(verdict="incomplete", message=message, not_before=summary.not_before, kept_ids=kept_ids)
    if summary.start_failure and not found:
        words = mark("{url} cannot be read: {reason}. Mend url in partners.toml or ask the partner.")
        return Ending(verdict="failed", message=build_message(words, url=url, reason=summary.start_failure))
    doubts = _list_doubts(summary, found)
    if doubts:
        return Ending(verdict="incomplete", message=join_messages(doubts, " "), kept_ids=kept_ids)
    closed = summary.forbidden
    note = mark_plural(
        "{count} page is closed to robots and was left out.",
        "{count} pages are closed to robots and were left out.",
    )
    return Ending(verdict="complete", message=build_plural(note, closed) if closed else Message())


def _list_doubts(summary: SpiderSummary, found: int) -> list[Message]:
    doubts: list[Message] = []
    if summary.reason != "finished":
        doubts.append(build_message(mark("The spider stopped early: {reason}."), reason=summary.reason))
    if summary.failures:
        named = ", ".join(f"{address} ({reason})" for address, reason in list(summary.failed.items())[:_NAMED])
        forms = mark_plural("{count} page failed: {named}.", "{count} pages failed, such as {named}.")
        doubts.append(build_plural(forms, summary.failures, named=named))
    if summary.cut:
        forms = mark_plural(
            "{count} link leads further than a spider goes: {address}.",
            "{count} links lead further than a spider goes, the first is {address}.",
        )
        doubts.append(build_plural(forms, summary.cut, address=summary.first_cut))
    if not found:
        words = mark("No page describes a record ({count} were read): has the site changed?")
        doubts.append(build_message(words, count=summary.pages))
    return doubts
