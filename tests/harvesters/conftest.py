"""A table for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harvesters.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    table = Desk(tmp_path)
    yield table
    table.store.close()
