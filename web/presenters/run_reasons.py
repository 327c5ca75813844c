"""Why a run stopped, for readers: the words that the harvester left for the admin, in the language of the page.

The harvester speaks the language of the command line. What stops a run most often is known here and told in every
language; another reason is told only to those whose language it is in, and only where it holds no address and no
instruction, which are not a reader's business.
"""

import re

from lienthu.i18n import load_translations, mark
from lienthu.text import has_marks
from web.language import Language

KNOWN = (
    mark("the resumption token was no longer known"),
    mark("the resumption token came back, the list leads in a circle"),
    mark("the list ended early"),
    mark("the list stopped at a round number, as if it was capped"),
    mark("the server sends one empty page after another"),
    mark("the answer was cut off"),
    mark("the answer is empty"),
)
LONGEST = 120
NOT_FOR_READERS = re.compile(r"[/\\@]|lienthu|\.toml|\.log|\w\.\w")


def find_reason(message: str, language: Language) -> str:
    """What stopped a run, without the counts before it; empty where there is nothing to tell."""
    reason = message.rpartition(": ")[2].strip()
    spoken = load_translations("vi").gettext
    known = next((words for words in KNOWN if reason in {words, spoken(words)}), "")
    if known:
        return language.say(known)
    is_plain = reason and len(reason) <= LONGEST and not NOT_FOR_READERS.search(reason)
    return reason if is_plain and language.code == ("vi" if has_marks(reason) else "en") else ""
