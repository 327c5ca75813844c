"""The home page: the box, the entrances for whoever has no words ready, how much there is. No way leads to nothing."""

from collections.abc import Iterable, Mapping

import msgspec

from lienthu.i18n import mark
from lienthu.text import exact
from search_api.answer import Asked
from search_api.labels import label_facet
from web.presenters.holdings import Reader

PLACES = ("Sa Pa", "Bắc Hà", "Bát Xát", "Mường Khương", "Si Ma Cai", "Văn Bàn", "Y Tý", "Yên Bái", "Nghĩa Lộ")
CLASSES = tuple(f"Lớp {number}" for number in range(1, 13))
PEOPLES = ("Hmông", "Tày", "Dao", "Giáy", "Nùng", "Thái", "Hà Nhì", "Phù Lá", "Bố Y", "La Chí", "Pa Dí")
"""By their own names, as books write them, whatever the language of the page."""

LOCAL, SCHOOL, PEOPLE, ONLINE = "local", "school", "people", "online"


def _choose(facet: str, *values: str) -> Asked:
    return Asked(filters={facet: values}, size=1)


WAYS: Mapping[str, Asked] = {
    LOCAL: _choose("place", "lào cai"),
    SCHOOL: _choose("class", *(str(number) for number in range(1, 13))),
    PEOPLE: _choose("people", *(exact(name) for name in PEOPLES)),
    ONLINE: _choose("access", "online"),
    **{name: _choose("place", exact(name)) for name in PLACES},
    **{name: _choose("class", str(number)) for number, name in enumerate(CLASSES, 1)},
    **{name: _choose("people", exact(name)) for name in PEOPLES},
}
"""What each way chooses. A page of one hit is enough to count by."""

ENTRANCES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (LOCAL, mark("Lào Cai local studies"), mark("Land, people, history and customs of the province"), PLACES),
    (SCHOOL, mark("Books by class"), mark("Textbooks and reference books for school"), CLASSES),
    (
        PEOPLE,
        mark("Books of the peoples"),
        mark("Languages, stories, crafts and festivals of the peoples who live here"),
        PEOPLES,
    ),
    (ONLINE, mark("Read online"), mark("Documents that open on your phone, free"), ()),
)


class Way(msgspec.Struct, frozen=True):
    """A short way in; ``tag`` is the language of its words where that is not the page's."""

    words: str
    address: str
    tag: str


class Entrance(msgspec.Struct, frozen=True):
    """A way in for whoever has no words ready: what it leads to, a line about it, and shorter ways."""

    title: str
    address: str
    line: str
    ways: tuple[Way, ...]


class HomePage(msgspec.Struct, frozen=True):
    documents: str
    libraries: str
    entrances: tuple[Entrance, ...]


def present_home(editions: int, libraries: int, counts: Mapping[str, int], reader: Reader) -> HomePage:
    """``counts`` says how many documents each of WAYS leads to; those that lead to none are left out."""
    language = reader.language
    return HomePage(
        documents=language.say_many("{n} document", "{n} documents", editions),
        libraries=language.say_many("{n} library", "{n} libraries", libraries),
        entrances=tuple(
            Entrance(
                language.say(title),
                _address_way(name, reader),
                language.say(line),
                tuple(_list_ways(ways, counts, reader)),
            )
            for name, title, line, ways in ENTRANCES
            if counts.get(name)
        ),
    )


def _list_ways(names: Iterable[str], counts: Mapping[str, int], reader: Reader) -> Iterable[Way]:
    """A class is called as the page's language calls it, a place or a people by its own name."""
    tag = "" if reader.language.code == "vi" else "vi"
    for name in names:
        if counts.get(name):
            number = WAYS[name].filters.get("class")
            if number:
                label = label_facet("class", number[0], name, reader.language.code, reader.partners)
                yield Way(label, _address_way(name, reader), "")
            else:
                yield Way(name, _address_way(name, reader), tag)


def _address_way(name: str, reader: Reader) -> str:
    return reader.links.results(WAYS[name])
