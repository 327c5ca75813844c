"""Why a run stopped, for readers: what the harvester left for the admin, in the language of the page.

What stops a run is told in every language where it is known here; other reasons only in the languages that the command
line speaks, and what somebody else wrote only to those whose language it is in. Addresses, names of files and
instructions are not a reader's business: a reason that holds any is not told.
"""

import re
from collections.abc import Iterator
from gettext import NullTranslations

from lienthu.i18n import load_translations, mark, mark_plural
from lienthu.message import Message
from lienthu.text import has_marks
from web.language import Language

STOPS = (
    mark("the resumption token was no longer known"),
    mark("the resumption token came back, the list leads in a circle"),
    mark("the list ended early"),
    mark("the list stopped at a round number, as if it was capped"),
    mark("the list stopped where it had stopped before, as if it was capped"),
    mark("the list was shorter when it was asked for again"),
    mark("the list leaves out records that the server still has"),
    mark("the last page does not say that the list has ended"),
    mark("the list breaks off, and the server does not heed dates to ask for it in parts"),
    mark("some records came twice, and others may be missing"),
    mark("the server sends page after page and nothing new in them"),
    mark("the server adds an error to the list and states no total"),
    mark("the answer was cut off"),
    mark("the answer is empty"),
    mark("the answer took too long"),
    mark("the answer is not OAI-PMH"),
    mark("the server answered with a web page instead of OAI-PMH"),
    mark("the server answered something else than was asked"),
    mark("the connection broke"),
    mark("the server is busy (HTTP {status})"),
    mark("the server failed (HTTP {status})"),
    mark("the list changed its order while it was read"),
    mark("the server sends the same records again and again"),
    mark("The files hold no record."),
    mark("No page describes a record ({count} were read): has the site changed?"),
    mark("it brought {arrived} records; the last complete run brought {baseline}"),
    mark("most identifiers changed: {missing} of {live} known records did not come, and {new} are new"),
    mark_plural(
        "{count} of {live} records would vanish ({share} %)", "{count} of {live} records would vanish ({share} %)"
    ),
)
OTHER_WORKS = mark_plural(
    "{count} of {live} identifiers now stands for another work ({share} %)",
    "{count} of {live} identifiers now stand for other works ({share} %)",
)
KNOWN = (*STOPS, OTHER_WORKS)
LONGEST = 160
NOT_FOR_READERS = re.compile(r"[/\\@]|lienthu|\.toml|\.log|\w\.\w")


def find_reason(message: Message, language: Language) -> str:
    """What stopped a run, without the counts before it; empty where there is nothing to tell."""
    told = [tell_reason(reason, language) for reason in list_reasons(message)]
    return "; ".join(dict.fromkeys(words for words in told if words))


def find_news(message: Message, language: Language) -> str:
    """What a run that was complete tells readers: that identifiers stand for other works now."""
    news = (tell_reason(one, language) for one in list_reasons(message) if (one.template, one.many) == OTHER_WORKS)
    return next(news, "")


def list_reasons(message: Message) -> Iterator[Message]:
    """The reasons within a message: what stands behind its counts, one by one."""
    reason = message.facts.get("reason")
    parts = [fact for name, fact in message.facts.items() if name.startswith("part") and isinstance(fact, Message)]
    if isinstance(reason, Message):
        yield from list_reasons(reason)
    elif parts:
        for part in parts:
            yield from list_reasons(part)
    elif message:
        yield message


def tell_reason(reason: Message, language: Language) -> str:
    """One reason in the language of the page; empty where it is not for readers, or not known in that language."""
    if not reason.facts:
        return find_old_reason(reason.template, language)
    catalogues = (language.translations, load_translations(language.code))
    speaks = next((one for one in catalogues if knows(one, reason)), None)
    if speaks is None and language.code != "en":
        return ""
    told = reason.tell(speaks.gettext, speaks.ngettext) if speaks else str(reason)
    return told if is_for_readers(told) else ""


def knows(catalogue: NullTranslations, reason: Message) -> bool:
    if reason.many:
        return catalogue.ngettext(reason.template, reason.many, 2) != reason.many
    return catalogue.gettext(reason.template) != reason.template


def find_old_reason(sentence: str, language: Language) -> str:
    """The reason in a finished sentence, as runs of before left it in the language of the command line: *nhận 5 trên 9:
    danh sách kết thúc sớm*. Also a template that needs no facts."""
    reason = sentence.rpartition(": ")[2].strip()
    spoken = load_translations("vi").gettext
    known = next((words for words in KNOWN if isinstance(words, str) and reason in {words, spoken(words)}), "")
    if known:
        return language.say(known)
    if sentence != spoken(sentence) and language.code == "vi":
        reason = spoken(sentence)
    is_spoken = language.code == ("vi" if has_marks(reason) else "en")
    return reason if is_spoken and is_for_readers(reason) else ""


def is_for_readers(words: str) -> bool:
    return bool(words) and len(words) <= LONGEST and not NOT_FOR_READERS.search(words)
