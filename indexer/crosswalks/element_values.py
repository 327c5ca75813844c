"""Elements: a description as names with their values, which is what Dublin Core and a web page's metadata come down to.

Rule: names are lower case and without prefix (``dc:title``, ``DC.title``, ``dcterms.title`` are ``title``); values are
clean text without markup, empty ones left out, at most MAX_VALUES of a name.
"""

from indexer.normalise.text import has_markup, strip_markup

MAX_VALUES = 500


class Elements:
    """Values by name, in the order written. ``prefix`` is how findings call a name (``dc:title``); ``marked``
    are names and values in which markup stood."""

    __slots__ = ("marked", "prefix", "values")

    def __init__(self, prefix: str = "dc:") -> None:
        self.prefix = prefix
        self.values: dict[str, list[str]] = {}
        self.marked: list[tuple[str, str]] = []

    def add(self, name: str, value: str) -> None:
        text = strip_markup(value)
        if text:
            found = self.values.setdefault(name, [])
            if len(found) < MAX_VALUES and text not in found:
                found.append(text)
                if ("<" in value or "&" in value) and has_markup(value):
                    self.marked.append((name, value))

    def every(self, *names: str) -> list[str]:
        return [value for name in names for value in self.values.get(name, ())]

    def first(self, *names: str) -> str:
        return next(iter(self.every(*names)), "")
