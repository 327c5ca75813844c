"""Journal: what an examination has found so far; each rule once, with its first evidence and how often it was met; the
further evidence too, where each must be mended on its own."""

from collections.abc import Callable

import msgspec

from lienthu.examination import MOST_OTHERS, Examination, Fact, Fault, Kind, shorten

Watcher = Callable[[str], None]
"""Told what is asked next, for people who wait."""


class Journal:
    def __init__(self, kind: Kind, address: str, watcher: Watcher) -> None:
        self._kind: Kind = kind
        self._address = address
        self.watch = watcher
        self._facts: dict[str, str] = {}
        self._faults: dict[str, Fault] = {}

    def note(self, name: str, value: object) -> None:
        """A fact; an empty one is left out."""
        text = shorten(str(value))
        if text:
            self._facts[name] = text

    def blame(self, rule: str, found: object = "", request: str = "", *, each: bool = False) -> None:
        known = self._faults.get(rule)
        if known is None:
            self._faults[rule] = Fault(rule, shorten(str(found)), request)
        else:
            others = (*known.others, shorten(str(found))) if each and len(known.others) < MOST_OTHERS else known.others
            self._faults[rule] = msgspec.structs.replace(known, times=known.times + 1, others=others)

    def has(self, rule: str) -> bool:
        return rule in self._faults

    def close(self, *, reached: bool = True) -> Examination:
        return Examination(
            kind=self._kind,
            address=self._address,
            reached=reached,
            facts=tuple(Fact(name, value) for name, value in self._facts.items()),
            faults=tuple(self._faults.values()),
        )
