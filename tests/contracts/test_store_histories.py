"""Random histories of a feed against the simplest model: the sum holds, and what is live is what the model says."""

from collections.abc import Iterator, Sequence
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lienthu.harvest_run import HarvestRun
from lienthu.raw_record import RawRecord
from lienthu.store import RecordStore

quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ids = st.sampled_from(["1", "2", "1~2", "3"])
contents = st.sampled_from(["A", "B", "C"])
given_records = st.lists(st.tuples(ids, contents), max_size=8)
datestamps = st.sampled_from(["", "2024-01-01", "2024-01-02", "2024-01-03"])
arrivals = st.tuples(ids, st.one_of(contents, st.none()), datestamps)


@pytest.fixture
def feeds() -> Iterator[str]:
    """A new feed for each history."""
    return (f"feed-{number}" for number in count())


def harvest(
    store: RecordStore, feed_id: str, records: Sequence[tuple[str, str | None, str]], size: int, sweep: bool
) -> HarvestRun:
    """One run in pages of *size*; None as content is a tombstone."""
    run = store.begin_run("p", feed_id)
    raws = [
        RawRecord(
            partner_id="p",
            feed_id=feed_id,
            source_id=source_id,
            format="row",
            payload=(content or "").encode(),
            datestamp=datestamp,
            deleted=content is None,
        )
        for source_id, content, datestamp in records
    ]
    for start in range(0, len(raws), size):
        counts = store.write_page(run.id, raws[start : start + size], b"%d" % start)
        assert counts.adds_up
    if sweep:
        store.tombstone_unseen(run.id)
    ended = store.end_run(run.id, "complete")
    assert ended.counts.adds_up
    assert ended.counts.received == len(raws)
    return ended


def read_feed(store: RecordStore, feed_id: str) -> list[RawRecord]:
    feed = [entry.raw for entry in store.changes_since(0, 100_000) if entry.raw.feed_id == feed_id]
    assert len({raw.source_id for raw in feed}) == len(feed)
    return [raw for raw in feed if not raw.deleted]


@quick
@given(
    history=st.lists(given_records, min_size=1, max_size=4),
    size=st.integers(1, 8),
    turn=st.randoms(use_true_random=False),
)
def test_after_a_full_run_exactly_what_was_given_is_live(
    store: RecordStore, feeds: Iterator[str], history: list[list[tuple[str, str]]], size: int, turn: object
) -> None:
    feed_id = next(feeds)
    for snapshot in history:
        harvest(store, feed_id, [(source_id, content, "") for source_id, content in snapshot], size, sweep=True)
        live = read_feed(store, feed_id)
        assert sorted(raw.payload.decode() for raw in live) == sorted(content for _, content in set(snapshot))
    before = store.current_change()
    shuffled = list(history[-1])
    turn.shuffle(shuffled)  # type: ignore[attr-defined]
    again = harvest(store, feed_id, [(source_id, content, "") for source_id, content in shuffled], size, sweep=True)
    assert (again.counts.stored, again.counts.deleted, again.removed) == (0, 0, 0)
    assert again.counts.unchanged == len(set(shuffled))
    assert store.current_change() == before


@quick
@given(
    history=st.lists(st.tuples(st.dictionaries(ids, st.one_of(contents, st.none())), st.booleans()), max_size=5),
    size=st.integers(1, 8),
)
def test_a_feed_that_gives_each_id_once_a_run_is_a_dictionary(
    store: RecordStore, feeds: Iterator[str], history: list[tuple[dict[str, str | None], bool]], size: int
) -> None:
    feed_id = next(feeds)
    model: dict[str, str] = {}
    for given_now, full in history:
        before = dict(model)
        run = harvest(store, feed_id, [(name, content, "") for name, content in given_now.items()], size, sweep=full)
        for name, content in given_now.items():
            if content is None:
                model.pop(name, None)
            else:
                model[name] = content
        if full:
            model = {name: content for name, content in model.items() if name in given_now}
        assert {raw.source_id: raw.payload.decode() for raw in read_feed(store, feed_id)} == model
        changed = {name for name, content in given_now.items() if content is not None and before.get(name) != content}
        assert run.counts.stored == len(changed)
        assert run.counts.repeated == 0
        assert run.removed == len(set(before) - set(given_now)) * full


@quick
@given(history=st.lists(st.tuples(st.lists(arrivals, max_size=10), st.booleans()), max_size=4), size=st.integers(1, 10))
def test_whatever_arrives_the_sum_holds_and_no_change_means_no_number(
    store: RecordStore,
    feeds: Iterator[str],
    history: list[tuple[list[tuple[str, str | None, str]], bool]],
    size: int,
) -> None:
    feed_id = next(feeds)
    for records, full in history:
        before = store.current_change()
        run = harvest(store, feed_id, records, size, sweep=full)
        if not run.counts.stored and not run.counts.deleted and not run.removed:
            assert store.current_change() == before
        given_now = {content for _, content, _ in records if content is not None}
        if full:
            assert {raw.payload.decode() for raw in read_feed(store, feed_id)} <= given_now
        if not any(content is None or datestamp for _, content, datestamp in records):
            assert given_now <= {raw.payload.decode() for raw in read_feed(store, feed_id)}
