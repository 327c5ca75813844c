"""The home page: the box, four entrances, how much there is."""

from collections.abc import Iterable

import msgspec

from search_api.answer import Asked
from web.language import Language
from web.presenters.holdings import Reader
from web.presenters.links import Links

CLASSES = range(1, 13)
PEOPLES = ("Hmông", "Tày", "Dao", "Giáy", "Nùng", "Thái", "Hà Nhì", "Phù Lá", "Bố Y", "La Chí")
"""Peoples of Lào Cai with the most written about them here, by their own names, never translated."""
PLACES = ("Sa Pa", "Bắc Hà", "Bát Xát", "Mường Khương", "Si Ma Cai", "Văn Bàn", "Yên Bái", "Nghĩa Lộ")


class ShortLink(msgspec.Struct, frozen=True):
    words: str
    address: str
    tag: str = ""


class Entrance(msgspec.Struct, frozen=True):
    """A way in for whoever has no words ready: what it leads to, a line about it, and shorter ways."""

    title: str
    address: str
    line: str
    ways: tuple[ShortLink, ...]


class HomePage(msgspec.Struct, frozen=True):
    documents: str
    libraries: str
    entrances: tuple[Entrance, ...]


def present_home(editions: int, libraries: int, reader: Reader) -> HomePage:
    language, links = reader.language, reader.links
    documents = language.say_many("{n} document", "{n} documents", editions)
    return HomePage(
        documents=documents,
        libraries=language.say_many("{n} library", "{n} libraries", libraries),
        entrances=(
            Entrance(
                language.say("Lào Cai local studies"),
                links.words('"Lào Cai"'),
                language.say("Land, people, history and customs of the province"),
                tuple(_list_names(PLACES, language, links)),
            ),
            Entrance(
                language.say("Books by class"),
                links.words('"sách giáo khoa"'),
                language.say("Textbooks and reference books for school"),
                tuple(_list_classes(language, links)),
            ),
            Entrance(
                language.say("Books of the peoples"),
                links.words('"dân tộc"'),
                language.say("Languages, stories, crafts and festivals of the peoples who live here"),
                tuple(_list_names(PEOPLES, language, links)),
            ),
            Entrance(
                language.say("Read online"),
                links.results(Asked(filters={"access": ("online",)})),
                language.say("Documents that open on your phone, free"),
                (),
            ),
        ),
    )


def _list_classes(language: Language, links: Links) -> list[ShortLink]:
    """By the class as books write it, whatever the language of the page."""
    return [ShortLink(language.say("Class {n}", n=number), links.words(f'"lớp {number}"')) for number in CLASSES]


def _list_names(names: Iterable[str], language: Language, links: Links) -> list[ShortLink]:
    tag = "" if language.code == "vi" else "vi"
    return [ShortLink(name, links.words(f'"{name}"'), tag) for name in names]
