"""One family of errors. Each carries what a reader or an admin needs to know, its HTTP status and its exit code.

An error names what it is about (partner, record, field, rule) and says what to do next. Errors of other libraries are
translated at the border with ``raise ... from``. The message is an English template that the message catalogues
translate; its parameters are filled in afterwards, so that ``str(error)`` is English and ``error.tell(translate)`` is
in the language of whoever reads it.
"""

from collections.abc import Callable

from lienthu.i18n import mark
from lienthu.message import Message, build_message

EXIT_DONE = 0
EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_INCOMPLETE = 3
EXIT_HELD = 4
EXIT_LOCKED = 5


class CatalogueError(Exception):
    """The root of the family: something went wrong, in words that help."""

    status = 500
    exit_code = EXIT_FAILED
    title = mark("Something went wrong")

    def __init__(self, message: str, **facts: object) -> None:
        self.message = message
        self.facts = facts
        super().__init__(message)

    def __str__(self) -> str:
        return self.tell(lambda text: text)

    def tell(self, translate: Callable[[str], str]) -> str:
        """The message in the language of *translate*, with the facts filled in."""
        text = translate(self.message)
        if not self.facts:
            return text
        return text.format(
            **{name: fact.tell(translate) if isinstance(fact, Message) else fact for name, fact in self.facts.items()}
        )

    def keep(self) -> Message:
        """The message, to be shown later."""
        return build_message(self.message, **self.facts)


class SettingsError(CatalogueError):
    """A setting, a flag or partners.toml is wrong: the admin has to mend it."""

    exit_code = EXIT_USAGE
    title = mark("A setting is wrong")


class StoreError(CatalogueError):
    """The store cannot be read or written."""

    status = 503
    title = mark("The store cannot be used")


class LockHeld(CatalogueError):
    """Another process holds the lock; nothing was done."""

    status = 503
    exit_code = EXIT_LOCKED
    title = mark("Another process is at work")


class HarvestError(CatalogueError):
    """A run cannot go on: the partner's server, page or file is not what it should be."""

    status = 502
    title = mark("The partner cannot be harvested")


class EngineError(CatalogueError):
    """The search engine refused or broke."""

    status = 500
    title = mark("The search engine failed")


class EngineUnavailable(EngineError):
    """No index answers now: none is built yet, or the engine is down."""

    status = 503
    title = mark("The catalogue is being prepared")


class RequestRefused(CatalogueError):
    """A request goes beyond the stated limits."""

    status = 400
    title = mark("This request cannot be answered")


class NotFound(CatalogueError):
    """Nothing is known under this name."""

    status = 404
    title = mark("Not found")


class Gone(CatalogueError):
    """It was here and is no more; ``facts`` hold what is known of it."""

    status = 410
    title = mark("No longer here")


class Withheld(Gone):
    """It is here and is not shown, by a decision; nothing is told of it."""

    title = mark("Not shown here")
