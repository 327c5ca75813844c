from collections.abc import Iterator

import httpx
import pytest

from search_api.service import Catalogue
from tests.search_api.shelf import RECORDS, open_catalogue, serve_catalogue


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    with open_catalogue(tmp_path_factory.mktemp("catalogue"), *RECORDS) as made:
        yield made


@pytest.fixture(scope="module")
def client(catalogue: Catalogue) -> Iterator[httpx.Client]:
    with serve_catalogue(catalogue) as address, httpx.Client(base_url=address, timeout=30) as made:
        yield made
