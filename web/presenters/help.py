"""The page of help: how to ask, with examples that can be tried, and whom to ask."""

import msgspec

from lienthu.i18n import mark
from web.presenters.holdings import Reader
from web.presenters.links import build_telephone_address

EXAMPLES = (
    (
        "nguoi dao tuyen",
        mark("Type with or without diacritics. With them, titles that are written the same come first."),
    ),
    ('"thư viện"', mark("Quotation marks find the words side by side.")),
    ("người Tày -Nùng", mark("A minus before a word leaves out what has it.")),
    ("chè OR quế", mark("OR finds either word.")),
    ('tacgia:"Nguyễn Du"', mark("tacgia: looks only among authors, nhande: among titles, chude: among subjects.")),
    ("978-604-930-590-0", mark("An ISBN finds the book, with hyphens, with spaces or without.")),
    ("苗族", mark("Chinese and Hán-Nôm characters work, simplified or traditional.")),
)


class Example(msgspec.Struct, frozen=True):
    q: str
    address: str
    explanation: str


class HelpPage(msgspec.Struct, frozen=True):
    examples: tuple[Example, ...]
    library: str
    phone: str
    phone_address: str


def present_help(reader: Reader) -> HelpPage:
    home = next(iter(reader.partners.values()), None)
    return HelpPage(
        examples=tuple(Example(q, reader.links.words(q), reader.language.say(words)) for q, words in EXAMPLES),
        library=home.name_in(reader.language.code) if home else "",
        phone=home.phone if home else "",
        phone_address=build_telephone_address(home.phone) if home else "",
    )
