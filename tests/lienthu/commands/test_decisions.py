"""A person decides: holds, what is hidden, a library that leaves; by the command line, from the file to the door."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lienthu.__main__ import main
from lienthu.commands.status import describe_feed_standing
from lienthu.composition import compose
from lienthu.errors import Gone, Withheld
from lienthu.raw_record import RecordKey
from lienthu.settings import read_settings
from search_api.answer import Asked
from tests.indexer.library import build_marcxml
from tests.lienthu.commands.desk import PARTNERS, Desk, drop, live_in


@pytest.fixture(scope="module")
def harvested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that is harvested and indexed, made once."""
    home = tmp_path_factory.mktemp("harvested")
    (home / "partners.toml").write_text(PARTNERS, encoding="utf-8")
    drop(home, "laocai", range(100))
    drop(home, "yenbai", range(90, 120))
    with pytest.MonkeyPatch.context() as patch:
        live_in(home, patch)
        for command in ("harvest", "index"):
            with pytest.raises(SystemExit) as stop:
                main([command])
            assert not stop.value.code
    return home


@pytest.fixture
def desk(harvested: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    home = tmp_path / "home"
    shutil.copytree(harvested, home)
    live_in(home, monkeypatch)
    return Desk(home, capsys)


def test_a_held_harvest_is_shown_with_titles_approved_and_indexed(desk: Desk) -> None:
    desk.drop("laocai", range(60))
    code, told = desk.run("harvest", "laocai")
    assert (code, "40 of 100 records would vanish" in told) == (4, True)
    (hold,) = desk.ask("holds")["holds"]
    assert (hold["vanishing"], hold["appearing"], hold["share"]) == (40, 0, 0.4)
    assert hold["examples"]["vanishing"][0] == {"record": "laocai/drop/r60", "title": "Sách số 60"}
    assert "… and 30 more" in desk.run("holds")[1]
    assert "1 harvest waits for your decision" in desk.run("status")[1]
    assert desk.run("approve", str(hold["run"]))[0] == 0
    assert desk.ask("holds") == {"holds": []}
    desk.run("index")
    assert desk.sums()["laocai"] == (60, 60, 0)


def test_a_rejected_harvest_changes_nothing(desk: Desk) -> None:
    desk.drop("laocai", range(60))
    desk.run("harvest", "laocai")
    assert desk.run("reject", "laocai/drop")[0] == 0
    desk.run("index")
    assert desk.sums()["laocai"] == (100, 100, 0)
    assert desk.run("harvest", "laocai")[0] == 4


def give_again(desk: Desk, numbers: range) -> None:
    """The numbers of Lào Cai up to a hundred, those in *numbers* for other works."""
    works = ("Kỹ thuật trồng chè", "Luật giao thông", "Bản đồ hành chính")
    records = b"".join(
        build_marcxml(f"r{number}", works[number % 3] if number in numbers else f"Sách số {number}")
        for number in range(100)
    )
    (desk.home / "laocai" / "a.xml").write_bytes(b"<collection>" + records + b"</collection>")


def test_old_identifiers_for_other_works_are_held_and_shown_with_both_titles(desk: Desk) -> None:
    give_again(desk, range(30))
    code, told = desk.run("harvest", "laocai")
    assert (code, "30 of 100 identifiers now stand for other works (30 %)" in told) == (4, True)
    (hold,) = desk.ask("holds")["holds"]
    assert (hold["vanishing"], hold["appearing"], hold["becoming"]) == (0, 0, 30)
    assert hold["examples"]["becoming"][1] == {
        "record": "laocai/drop/r1",
        "title": "Sách số 1",
        "new_title": "Luật giao thông",
    }
    shown = desk.run("holds")[1]
    assert "30 identifiers would stand for other works:" in shown
    assert "laocai/drop/r1  Sách số 1 → Luật giao thông" in shown
    assert "… and 20 more" in shown
    desk.run("index")
    assert not desk.find("“Luật giao thông”")
    assert desk.run("approve", "laocai/drop")[0] == 0
    desk.run("index")
    assert len(desk.find("“Luật giao thông”")) == 1
    assert desk.sums()["laocai"] == (100, 100, 0)


def test_a_few_other_works_are_told_by_status_and_report_in_the_readers_language(desk: Desk) -> None:
    give_again(desk, range(4))
    assert desk.run("harvest", "laocai")[0] == 0
    desk.run("index")
    assert "4 of 100 identifiers now stand for other works (4 %)" in desk.run("status")[1]
    assert "4 records [id-changed-work]" in desk.run("report", "laocai")[1]
    desk.language = "vi"
    assert "4 trong 100 mã định danh nay được dùng cho tài liệu khác (4 %)" in desk.run("status")[1]
    give_again(desk, range(40))
    desk.run("harvest", "laocai")
    desk.language = "en"
    assert "identifiers now stand for other works" in desk.run("status")[1]
    assert "identifiers now stand for other works" in desk.ask("holds")["holds"][0]["reason"]


@pytest.mark.parametrize(("name", "code"), [("7", 1), ("laocai/drop", 1), ("sách", 2)])
def test_what_does_not_wait_cannot_be_decided(desk: Desk, name: str, code: int) -> None:
    assert desk.run("approve", name)[0] == code
    assert desk.run("reject", name)[0] == code


def test_a_hidden_record_is_gone_at_once_and_stays_gone_through_everything(desk: Desk) -> None:
    (edition_id,) = desk.find('"Sách số 5"')
    assert desk.run("hide", "laocai/drop/r5", "--reason", "luật")[0] == 0
    for steps in ((), ("harvest",), ("index",), ("reindex",), ("rollback",), ("index",)):
        if steps:
            assert desk.run(*steps)[0] == 0
        assert desk.find('"Sách số 5"') == set()
        assert desk.sums()["laocai"] == (100, 99, 1)
        with desk.open() as catalogue:
            with pytest.raises(Gone):
                catalogue.find_edition(edition_id)
            with pytest.raises(Withheld):
                catalogue.find_record(RecordKey("laocai", "drop", "r5"))
    assert "luật" in desk.run("hide", "--list")[1]
    assert desk.run("unhide", "laocai/drop/r5")[0] == 0
    assert desk.find('"Sách số 5"') == {edition_id}


def test_another_record_of_the_same_identifier_is_named(desk: Desk) -> None:
    twins = build_marcxml("r5", "Sách số 5") + build_marcxml("r5", "Sách khác hẳn")
    (desk.home / "laocai" / "b.xml").write_bytes(b"<collection>" + twins + b"</collection>")
    desk.run("harvest", "laocai")
    desk.run("index")
    told = desk.run("hide", "laocai/drop/r5", "--reason", "luật")[1]
    assert "laocai/drop/r5~2 bears the same identifier and is still shown." in told
    assert "still shown" not in desk.run("hide", "laocai/drop/r5~2", "--reason", "luật")[1]


def test_a_build_from_before_the_decision_comes_back_without_it(desk: Desk) -> None:
    desk.run("reindex")
    desk.run("hide", "laocai/drop/r5", "--reason", "luật")
    assert desk.run("rollback")[0] == 0
    assert desk.find('"Sách số 5"') == set()


def test_a_hidden_edition_hides_the_copy_that_comes_later_and_tells_nothing(desk: Desk) -> None:
    (edition_id,) = desk.find('"Sách số 5"')
    assert desk.run("hide", edition_id, "--reason", "luật")[0] == 0
    desk.drop("yenbai", range(5, 120))
    desk.run("harvest", "yenbai")
    desk.run("index")
    assert desk.find('"Sách số 5"') == set()
    with desk.open() as catalogue:
        with pytest.raises(Withheld) as refusal:
            catalogue.find_edition(edition_id)
        assert "Sách" not in str(refusal.value.facts)
        with pytest.raises(Withheld):
            catalogue.find_record(RecordKey("yenbai", "drop", "r5"))
    assert desk.run("unhide", edition_id)[0] == 0
    assert desk.find('"Sách số 5"') == {edition_id}
    assert desk.sums()["yenbai"] == (115, 115, 0)


def test_the_doors_refuse_before_the_index_has_heard(desk: Desk) -> None:
    (edition_id,) = desk.find('"Sách số 5"')
    with desk.open() as catalogue:
        catalogue.store.hide("laocai/drop/r5", "luật", keys=[RecordKey("laocai", "drop", "r5")])
        answer = catalogue.search(Asked(q='"Sách số 5"', strict=True))
        assert (answer.total, answer.found) == (0, ())
        with pytest.raises(Withheld):
            catalogue.find_edition(edition_id)


def test_one_hidden_copy_leaves_the_other_librarys(desk: Desk) -> None:
    (edition_id,) = desk.find('"Sách số 95"')
    desk.run("hide", "laocai/drop/r95", "--reason", "mất")
    with desk.open() as catalogue:
        assert catalogue.find_edition(edition_id).members == ("yenbai/drop/r95",)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("hide", "laocai/drop/r5"), 2),
        (("hide", "laocai/drop/none", "--reason", "x"), 1),
        (("hide", "lt999999", "--reason", "x"), 1),
        (("hide",), 2),
        (("unhide", "laocai/drop/r5"), 1),
    ],
)
def test_hiding_needs_a_reason_and_something_that_is_there(desk: Desk, arguments: tuple[str, ...], code: int) -> None:
    assert desk.run(*arguments)[0] == code


def test_a_library_leaves_only_when_told_twice_and_then_wholly(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.run("reindex")
    monkeypatch.setattr("sys.stdin", open(os.devnull))  # noqa: SIM115
    code, told = desk.run("remove", "yenbai")
    assert (code, desk.sums()["yenbai"]) == (2, (30, 30, 0))
    assert "30 records and 0 deleted ones leave the store" in told
    assert "20 editions vanish, which no other library has; 10 lose this library" in told
    (edition_id,) = desk.find('"Sách số 115"')
    assert desk.run("remove", "yenbai", "--yes")[0] == 0
    assert desk.sums() == {"laocai": (100, 100, 0), "yenbai": (0, 0, 0)}
    for steps in ((), ("rollback",)):
        if steps:
            assert desk.run(*steps)[0] == 0
        assert desk.find('"Sách số 115"') == set()
        with desk.open() as catalogue:
            with pytest.raises(Gone) as gone:
                catalogue.find_edition(edition_id)
            assert gone.value.facts["title"] == "Sách số 115"
            (found,) = catalogue.search(Asked(q='"Sách số 95"', strict=True)).found
            assert found.edition.members == ("laocai/drop/r95",)
    assert desk.run("remove", "nobody", "--yes")[0] == 1


def test_a_library_leaves_no_fetched_file_and_its_own_files_are_named(desk: Desk) -> None:
    fetched = [desk.home / "fetched" / partner / "list" / "a.mrc" for partner in ("laocai", "yenbai")]
    for path in fetched:
        path.parent.mkdir(parents=True)
        path.write_bytes(b"x")
    told = desk.run("remove", "laocai", "--yes")[1]
    assert [path.exists() for path in fetched] == [False, True]
    assert f"Its own files stay in {desk.home / 'laocai' / '*.xml'}" in told
    assert (desk.home / "laocai" / "a.xml").exists()


def test_a_library_that_is_being_harvested_is_not_removed(desk: Desk) -> None:
    with compose(read_settings()) as made, made.store.lock("harvest-yenbai-drop"):
        assert desk.run("remove", "yenbai", "--yes")[0] == 5
    assert desk.sums()["yenbai"] == (30, 30, 0)


def test_status_tells_a_feed_in_plain_words() -> None:
    from datetime import UTC, datetime

    feed = {
        "id": "oai",
        "verdict": "incomplete",
        "promised": 10_069,
        "received": 4_200,
        "stored": 4_200,
        "unchanged": 0,
        "deleted": 0,
        "repeated": 0,
        "rejected": 0,
        "started": "2026-11-20T01:00:00Z",
        "finished": "2026-11-20T02:00:00Z",
        "last_complete": "2026-11-18T01:30:00Z",
        "message": "received 4200 of 10069: the token expired",
    }
    told = describe_feed_standing(feed, datetime(2026, 11, 21, 5, tzinfo=UTC)).splitlines()
    assert told[0] == (
        "oai: last complete 3 days ago; "
        "the run of yesterday at 01:00 is not complete: received 4200 of 10069: the token expired"
    )


def test_the_loop_harvests_indexes_measures_and_stops_when_asked(desk: Desk) -> None:
    assert desk.run("remove", "yenbai", "--yes")[0] == 0
    command = [sys.executable, "-m", "lienthu", "--lang", "en", "run", "--every", "3600"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        told = [next(line for line in lines if "editions in" in line)]
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert told
    assert desk.sums()["yenbai"] == (30, 30, 0)
    metrics = (desk.home / "logs" / "metrics.prom").read_text(encoding="utf-8")
    assert 'lienthu_harvest_verdict{partner="yenbai",feed="drop",verdict="complete"} 1' in metrics
    assert 'lienthu_store_records{partner="yenbai",state="live"} 30' in metrics
