"""Fixtures strategy: the smallest record inline; whole records in ``fixtures/``; the demo library for anything end to
end; real records of the shared folder in place, skipped with a message where it is absent."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real records that nobody on this project wrote."""
    folder = Path(os.environ.get("LIENTHU_SHARED", REPOSITORY.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip(f"real records are not here: put them at {folder}, or set LIENTHU_SHARED")
    return folder
