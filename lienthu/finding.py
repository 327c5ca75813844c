"""Finding: a doubt about a record, with the rule's name, so that the partner can mend it."""

from typing import Literal

import msgspec

Severity = Literal["note", "warning", "error"]


class Finding(msgspec.Struct, frozen=True, gc=False):
    """``rule`` is a slug such as ``year-impossible``; ``field`` the partner's own field (``260$c``, ``dc:date``);
    ``found`` what stood there (shortened); ``done`` what we did about it."""

    rule: str
    severity: Severity
    field: str
    found: str = ""
    done: str = ""
