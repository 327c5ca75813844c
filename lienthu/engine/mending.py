"""Mending: what an engine cannot hold is cut or replaced, in documents and in queries alike, so that it still finds
itself. The same for every engine."""

MAX_TOKEN = 255
"""Characters of a token or an identifier."""
MAX_VALUE = 512
"""Characters of a facet's value or label."""


def mend_text(text: str) -> str:
    """The same text where it can be written as UTF-8; a lone surrogate becomes ``?``."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def mend_value(text: str) -> str:
    return mend_text(text[:MAX_VALUE])


def mend_token(token: str) -> str:
    return mend_text(token[:MAX_TOKEN])


def cut_tokens(text: str) -> str:
    """Tokens joined by spaces, none longer than MAX_TOKEN."""
    if len(text) <= MAX_TOKEN:
        return text
    tokens = text.split(" ")
    return text if max(map(len, tokens)) <= MAX_TOKEN else " ".join(token[:MAX_TOKEN] for token in tokens)
