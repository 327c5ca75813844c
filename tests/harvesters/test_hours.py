"""When a feed may run, and when it should."""

from datetime import UTC, datetime, timedelta

import pytest

from harvesters.hours import find_opening, format_moment, is_due, parse_moment
from lienthu.partner import Feed

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)  # 19:00 in Lào Cai


def build_feed(**more: str) -> Feed:
    return Feed(id="f", protocol="oai-pmh", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("window", "opening"),
    [
        ("", None),
        ("18:00-20:00", None),
        ("18:00-05:00", None),
        ("19:00-19:30", None),
        ("18:00-19:00", "2026-11-25T11:00:00Z"),
        ("22:00-05:00", "2026-11-24T15:00:00Z"),
        ("01:00-05:00", "2026-11-24T18:00:00Z"),
    ],
)
def test_the_hours_are_those_of_the_partners_clock(window: str, opening: str | None) -> None:
    found = find_opening(build_feed(window=window), NOW)
    assert (format_moment(found) if found else None) == opening


@pytest.mark.parametrize(
    ("schedule", "hours", "due"),
    [
        ("daily", 24, True),
        ("daily", 23.5, True),
        ("daily", 12, False),
        ("hourly", 1, True),
        ("hourly", 0.5, False),
        ("weekly", 24, False),
        ("weekly", 168, True),
        ("monthly", 168, False),
        ("never", 10_000, False),
    ],
)
def test_a_feed_is_due_when_its_last_complete_run_is_old(schedule: str, hours: float, due: bool) -> None:
    last = format_moment(NOW - timedelta(hours=hours))
    assert is_due(build_feed(schedule=schedule), last, NOW) is due


def test_a_feed_that_was_never_complete_is_due_unless_it_never_is() -> None:
    assert is_due(build_feed(schedule="weekly"), "", NOW)
    assert not is_due(build_feed(schedule="never"), "", NOW)


def test_a_moment_survives_writing_and_reading() -> None:
    assert parse_moment(format_moment(NOW)) == NOW
