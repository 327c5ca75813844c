"""Message: what was said once and is shown later, to each reader in their own language.

It keeps an English template that the catalogues translate, and the facts that fill it in; a fact may be a message
itself. A text that somebody else wrote, or that was kept as a finished sentence, is a template without facts and is
shown as it is.
"""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from lienthu.i18n import _, plural

LONGEST_FACT = 1_000
Translate = Callable[[str], str]
Choose = Callable[[str, str, int], str]


class Message(msgspec.Struct, frozen=True, omit_defaults=True):
    """``template`` is marked for translation. ``many`` is its plural, chosen by the fact ``count``; empty where it has
    none. An empty template says nothing."""

    template: str = ""
    facts: "Mapping[str, Message | int | float | str]" = {}
    many: str = ""

    def __bool__(self) -> bool:
        return bool(self.template)

    def __str__(self) -> str:
        return self.tell(lambda text: text, lambda one, many, n: one if n == 1 else many)

    def tell(self, translate: Translate = _, choose: Choose = plural) -> str:
        """In the language of *translate* and *choose*; without them, in the current one."""
        if not self.facts:
            return translate(self.template) if self.template else ""
        facts = {
            name: fact.tell(translate, choose) if isinstance(fact, Message) else fact
            for name, fact in self.facts.items()
        }
        count = self.facts.get("count")
        many = bool(self.many) and isinstance(count, int)
        text = choose(self.template, self.many, int(str(count))) if many else translate(self.template)
        try:
            return text.format(**facts)
        except (LookupError, ValueError):  # a template of another release, translated with other facts
            return text


Told = Message | str
"""A message, or a text that is shown as it is."""


def build_message(template: str, /, **facts: object) -> Message:
    """A message; facts of other kinds become texts, and what somebody else wrote is cut to a bounded length."""
    return Message(template, {name: _keep(fact) for name, fact in facts.items()})


def build_plural(forms: tuple[str, str], count: int, /, **facts: object) -> Message:
    """The same, for a text whose two *forms* are marked and which depends on *count*."""
    one, many = forms
    return msgspec.structs.replace(build_message(one, count=count, **facts), many=many)


def quote_text(text: str) -> Message:
    """A text that is no template: it is shown as it is."""
    return Message(text)


def join_messages(parts: Iterable[Message], separator: str = "; ") -> Message:
    """All of them that say something, one behind the other."""
    said = [part for part in parts if part]
    if len(said) < 2:
        return said[0] if said else Message()
    names = [f"part{place}" for place in range(len(said))]
    return Message(separator.join(f"{{{name}}}" for name in names), dict(zip(names, said, strict=True)))


def _keep(fact: object) -> Message | int | float | str:
    if isinstance(fact, Message | int | float):
        return fact
    return str(fact)[:LONGEST_FACT]
