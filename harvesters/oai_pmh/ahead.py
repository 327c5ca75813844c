"""The next page is asked for while the present one is being stored: the partner's server and our disk work at once.

There is never more than one question under way, and the session's manners hold for it as for any other. A question
whose answer nobody wants any more (the run was stopped) ends with its thread.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context

from harvesters.oai_pmh.response import OaiResponse


def ask_ahead(ask: Callable[[], OaiResponse]) -> "Future[OaiResponse]":
    """The answer to come, or the error that *ask* raises."""
    answer: Future[OaiResponse] = Future()

    def work() -> None:
        try:
            answer.set_result(ask())
        except BaseException as error:  # noqa: BLE001 - it is raised where the answer is awaited
            answer.set_exception(error)

    # The context carries the language of the messages.
    threading.Thread(target=copy_context().run, args=(work,), daemon=True).start()
    return answer
