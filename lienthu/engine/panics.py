"""A panic inside tantivy reaches Python as a ``BaseException`` that ``except Exception`` does not catch. Here it
becomes an EngineError, so that one odd request costs one answer and not the server."""

import contextlib
from collections.abc import Iterator

from lienthu.errors import EngineError
from lienthu.i18n import mark


@contextlib.contextmanager
def translate_panics() -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise EngineError(mark("The search engine gave up on this: {error}"), error=error) from error
