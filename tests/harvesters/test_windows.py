"""Windows of dates: the halves are the whole, and no record belongs to both."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvesters.oai_pmh.identity import parse_time
from harvesters.oai_pmh.windows import Window, cut_out, divide_window, format_time, lies_outside

moments = st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))


@given(moments, moments, moments, st.booleans())
def test_every_moment_of_a_window_lies_in_one_half(low: datetime, high: datetime, moment: datetime, fine: bool) -> None:
    low, high = min(low, high), max(low, high)
    window = Window(format_time(low, fine), format_time(high, fine))
    halves = divide_window(window, low, high, fine)
    if halves is None:
        assert high - low < timedelta(days=1)
        return
    stamp = format_time(moment, fine)
    homes = [half for half in halves if half.start <= stamp <= half.end]
    assert len(homes) == (window.start <= stamp <= window.end)


@given(moments, moments, st.booleans())
def test_dividing_comes_to_an_end(low: datetime, high: datetime, fine: bool) -> None:
    window = Window()
    for _ in range(64):
        halves = divide_window(window, low, high, fine)
        if halves is None:
            return
        window = halves[0]
    raise AssertionError(window)


@given(moments, moments, moments, st.booleans(), st.booleans())
def test_one_date_is_cut_out_in_two_cuts_and_nothing_is_lost(
    low: datetime, high: datetime, moment: datetime, fine: bool, is_open: bool
) -> None:
    low, high = min(low, high), max(low, high)
    window = Window() if is_open else Window(format_time(low, fine), format_time(high, fine))
    stamp = format_time(moment, fine)
    is_within = window.start <= stamp <= (window.end or "9")
    parts = [window]
    for _cut in range(2):
        cuts = [cut_out(part, stamp, fine) for part in parts]
        parts = [part for whole, cut in zip(parts, cuts, strict=True) for part in (cut or (whole,))]
    assert all(before.end < after.start for before, after in pairwise(parts))
    assert (parts[0].start, parts[-1].end) == (window.start, window.end)
    assert any((part.start, part.end) == (stamp, stamp) for part in parts) == is_within


def test_open_ends_stay_open() -> None:
    halves = divide_window(Window(), datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 3, tzinfo=UTC), False)
    assert halves == (Window("", "2024-01-02", 1), Window("2024-01-03", "", 1))


@pytest.mark.parametrize(
    ("stamp", "outside"),
    [("2024-01-10", False), ("2024-01-09T12:00:00Z", False), ("2023-12-01", True), ("2024-03-01", True), ("x", False)],
)
def test_a_record_far_from_its_window_is_noticed(stamp: str, outside: bool) -> None:
    assert lies_outside(stamp, Window("2024-01-10", "2024-01-20"), timedelta(hours=14)) is outside


@given(moments, st.booleans())
def test_a_time_survives_writing_and_reading(moment: datetime, fine: bool) -> None:
    read = parse_time(format_time(moment, fine))
    assert read is not None
    assert timedelta(0) <= moment - read < (timedelta(seconds=1) if fine else timedelta(days=1))


@pytest.mark.parametrize(("by_second", "text"), [(False, "0001-01-02"), (True, "0001-01-02T03:04:05Z")])
def test_a_year_is_written_in_four_digits(by_second: bool, text: str) -> None:
    assert format_time(datetime(1, 1, 2, 3, 4, 5, tzinfo=UTC), by_second) == text
