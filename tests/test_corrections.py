"""Queries typed without an input method, or pasted spoilt, asked of the whole catalogue."""

import pytest

from search_api.answer import Asked
from tests.conftest import Demo


@pytest.mark.parametrize(
    ("typed", "meant", "title"),
    [
        ("truyeenj kieeuf", "truyện kiều", "Truyện Kiều"),
        ("thu7 vie6n5", "thư viện", "Luật Thư viện"),
        ("leex cuwowis pa dis", "lễ cưới pa dí", "Lễ cưới của người Pa Dí"),
        ("Thñ tôc phóc thÈm", "Thủ tục phúc thẩm", "Thủ tục phúc thẩm"),
        ("Thá»§ tá»¥c phÃºc tháº©m", "Thủ tục phúc thẩm", "Thủ tục phúc thẩm"),
    ],
)
def test_what_was_meant_is_offered_and_found(demo: Demo, typed: str, meant: str, title: str) -> None:
    assert demo.catalogue.search(Asked(q=typed)).corrections == (meant,)
    found = demo.catalogue.search(Asked(q=meant)).found
    assert found[0].edition.title.main.startswith(title)
