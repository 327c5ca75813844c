"""The demo's bookcase that rotates always stands somewhere, and goes somewhere next."""

from datetime import date

import pytest

from lienthu.demo.bookcase import BOOKS, ROUND
from lienthu.demo.library import find_book
from search_api.answer import Asked
from tests.conftest import Demo
from web.language import load_language
from web.presenters.stays import place_copies


@pytest.mark.parametrize("key", BOOKS)
def test_a_copy_on_rotation_stands_where_the_bookcase_is_and_its_next_stay_is_told(demo: Demo, key: str) -> None:
    found = demo.catalogue.search(Asked(q=f'"{find_book(key).title}"', filters={"partner": ("laocai",)})).found
    edition = found[0].edition
    rotating = [holding for holding in edition.holdings if holding.bookcase]
    assert len(rotating) == len(ROUND)
    assert any(not holding.bookcase for holding in edition.holdings)
    (copy,) = place_copies(rotating, date.today(), load_language("vi"))
    assert ("Y Tý" in copy.location, copy.status) == (True, "available")
    assert "Cốc Ly" in copy.note
