"""Links. Rule: http and https only, nothing that a browser could take for something else, and what is known of access.

Words decide on access where no code does: "cần tài khoản", "login required", "campus only" ask for an account;
"open access", "truy cập mở" do not.
"""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from lienthu.holding import Access

MAX_URL = 2_000
_ESCAPED = str.maketrans({" ": "%20", "'": "%27", "^": "%5E", "{": "%7B", "|": "%7C", "}": "%7D"})
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\"'<>\\^`{|}\u2000-\u200f\u2028-\u202f\u2066-\u2069]")
_PLAIN = re.compile(
    r"https?://[A-Za-z0-9][A-Za-z0-9.-]*[A-Za-z0-9](?::[0-9]{1,5})?(?:[/?#][A-Za-z0-9._~:/?#@!$&()*+,;=%-]*)?"
)
_DOUBLED = re.compile(r"https?://(?=https?://)", re.IGNORECASE)
_INSIDE = re.compile(
    r"https?://(?:localhost|127\.[0-9.]+|10\.[0-9.]+|192\.168\.[0-9.]+|172\.(?:1[6-9]|2[0-9]|3[01])\.[0-9.]+|[\w-]+)"
    r"(?::[0-9]+)?(?:[/?#]|$)",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"tài khoản|đăng nhập|bạn đọc nội bộ|mạng nội bộ|nội bộ|hạn chế|login|log in|subscri|restricted|campus|"
    r"password|accès réservé|closed ?access|metadataonly|embargo",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"truy cập mở|toàn văn miễn phí|miễn phí|open ?access|free|creativecommons|public domain|accès libre", re.I
)


def normalise_url(written: str) -> str:
    """The address, or an empty text where it must not become a link."""
    url = _DOUBLED.sub("", written.strip())
    if _PLAIN.fullmatch(url) and len(url) <= MAX_URL:
        return url
    if url.lower().startswith("www."):
        url = "http://" + url
    if not url.lower().startswith(("http://", "https://")) or len(url) > MAX_URL:
        return ""
    url = url.translate(_ESCAPED)
    if _FORBIDDEN.search(url):
        return ""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return ""
    return url if host else ""


def is_inside(url: str) -> bool:
    """Whether the address means something only within the library's own network: a private number, a bare name."""
    return _INSIDE.match(url) is not None


@lru_cache(maxsize=1_024)
def read_access(words: str) -> Access:
    """What the words beside a link say about access."""
    if not words:
        return "unknown"
    if _LOGIN.search(words):
        return "login"
    return "open" if _OPEN.search(words) else "unknown"
