import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest

from harvesters.file import harvester
from harvesters.run import Harvest, harvest_feed
from lienthu.partner import Feed
from lienthu.raw_record import digest_payload
from lienthu.store import open_store
from tests.harvesters.file.dropping import PARTNER, Reading, write_collection, write_marc, write_marcxml


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    folder = tmp_path / "drop"
    folder.mkdir()
    return folder


def test_every_file_of_the_folder_is_read_whatever_its_format(drop: Path, tmp_path: Path) -> None:
    (drop / "a.mrc").write_bytes(write_marc("1") + write_marc("2"))
    (drop / "b.xml").write_bytes(write_collection(write_marcxml("3")))
    (drop / "c.mrc.gz").write_bytes(gzip.compress(write_marc("4")))
    reading = Reading("drop", tmp_path)
    assert [(record.source_id, record.format) for record in reading.records] == [
        ("1", "marc21"),
        ("2", "marc21"),
        ("3", "marcxml"),
        ("4", "marc21"),
    ]
    assert reading.records[0].payload == write_marc("1")
    assert reading.verdict == "complete"


def test_a_record_without_001_is_known_by_its_content(drop: Path, tmp_path: Path) -> None:
    (drop / "a.mrc").write_bytes(write_marc(""))
    record = Reading("drop/*.mrc", tmp_path).records[0]
    assert (record.source_id, record.findings) == (digest_payload(write_marc("")), ("id-missing",))


def test_a_leader_that_says_deleted_is_a_tombstone(drop: Path, tmp_path: Path) -> None:
    (drop / "a.mrc").write_bytes(write_marc("1", status="d") + write_marc("2"))
    assert [(record.source_id, record.deleted) for record in Reading("drop", tmp_path).records] == [
        ("1", True),
        ("2", False),
    ]


def test_a_cut_file_is_never_called_complete(drop: Path, tmp_path: Path) -> None:
    (drop / "a.mrc").write_bytes(write_marc("1") + write_marc("2")[:-5])
    reading = Reading("drop", tmp_path)
    assert (reading.ids, reading.verdict) == (["1"], "incomplete")
    assert "a.mrc" in reading.message
    rejection = reading.rejections[0]
    assert (rejection.position, rejection.rule) == (2, "record-cut")
    assert f"byte {len(write_marc('1'))}" in rejection.reason


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\xd0\xcf\x11\xe0 an old spreadsheet", "old Excel file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "neither ISO 2709 nor XML"),
        (b"hello, world\nthis is, no list", "no column of titles"),
        (b"\x89PNG\r\n\x1a\n\x00 chance \x1e\x1d", "neither ISO 2709 nor XML"),
        (b"%PDF-1.7\n chance \x1e\x1d", "neither ISO 2709 nor XML"),
        (b"<html><body>Login</body></html>", "holds no record"),
    ],
)
def test_a_file_that_is_no_catalogue_is_named_in_words(drop: Path, tmp_path: Path, content: bytes, words: str) -> None:
    (drop / "a.mrc").write_bytes(content)
    reading = Reading("drop", tmp_path)
    assert reading.verdict == "incomplete"
    assert words in reading.message


def test_a_file_without_a_record_beside_a_sound_one_is_not_complete(drop: Path, tmp_path: Path) -> None:
    (drop / "a.mrc").write_bytes(write_marc("1"))
    (drop / "b.xml").write_bytes(b"<html><body>Login</body></html>")
    reading = Reading("drop", tmp_path)
    assert (reading.ids, reading.verdict) == (["1"], "incomplete")
    assert "b.xml holds no record" in reading.message


def test_a_file_in_another_format_than_the_feed_says_is_refused(drop: Path, tmp_path: Path) -> None:
    (drop / "a.mrc").write_bytes(write_marc("1"))
    assert "marcxml" in Reading("drop", tmp_path, "marcxml").message
    assert Reading("drop", tmp_path, "unimarc").records[0].format == "unimarc"


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_one_bad_file_does_not_keep_the_others_out(drop: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.mrc").write_bytes(write_marc("secret"))
    (drop / "a.mrc").symlink_to(tmp_path / "secret.mrc")
    (drop / "b.mrc.gz").write_bytes(gzip.compress(write_marc("1") * 3)[:-9])
    (drop / "c.mrc").write_bytes(write_marc("2"))
    reading = Reading("drop", tmp_path)
    assert "secret" not in reading.ids
    assert "2" in reading.ids
    assert reading.verdict == "incomplete"
    assert "a.mrc is a link" in reading.message
    assert "b.mrc.gz is cut" in reading.message


def test_a_killed_run_goes_on_at_the_very_byte(drop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harvester, "PAGE_RECORDS", 2)
    (drop / "a.mrc").write_bytes(b"".join(write_marc(f"a{number}") + b"\r\n" for number in range(5)))
    (drop / "b.mrc.gz").write_bytes(gzip.compress(b"".join(write_marc(f"b{number}") for number in range(5))))
    (drop / "c.xml").write_bytes(write_collection(*(write_marcxml(f"c{number}") for number in range(5))))
    whole = Reading("drop", tmp_path)
    assert len(whole.ids) == 15
    for limit in range(1, len(whole.pages)):
        first = Reading("drop", tmp_path, limit=limit)
        second = Reading("drop", tmp_path, checkpoint=first.pages[-1].checkpoint)
        assert first.ids + second.ids == whole.ids
        assert second.verdict == "complete"


def test_a_file_that_changed_since_the_kill_is_not_gone_on_with(
    drop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(harvester, "PAGE_RECORDS", 2)
    (drop / "a.mrc").write_bytes(b"".join(write_marc(str(number)) for number in range(5)))
    first = Reading("drop", tmp_path, limit=1)
    (drop / "a.mrc").write_bytes(b"".join(write_marc(str(number), "Tắt đèn") for number in range(9)))
    second = Reading("drop", tmp_path, checkpoint=first.pages[-1].checkpoint)
    assert (second.ids, second.verdict) == ([], "incomplete")
    assert "a.mrc changed" in second.message


def test_the_trouble_of_a_file_is_not_forgotten_by_a_kill(drop: Path, tmp_path: Path) -> None:
    (drop / "a.mrc").write_bytes(b"")
    (drop / "b.mrc").write_bytes(write_marc("1"))
    first = Reading("drop", tmp_path, limit=1)
    second = Reading("drop", tmp_path, checkpoint=first.pages[-1].checkpoint)
    assert second.verdict == "incomplete"
    assert "a.mrc is empty" in second.message


def list_real_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.mrc*") if path.is_file())


def test_every_real_file_gives_as_many_records_as_it_has_terminators(shared_data: Path, tmp_path: Path) -> None:
    files = list_real_files(shared_data / "marc")
    assert files
    for path in files:
        content = path.read_bytes()
        content = gzip.decompress(content) if path.suffix == ".gz" else content
        reading = Reading(path, tmp_path)
        assert len(reading.records) == content.count(b"\x1d"), path.name
        assert b"".join(record.payload for record in reading.records) == content.replace(b"\n\x1d", b"\x1d"), path.name
        assert reading.verdict == "complete", path.name


def test_real_files_with_known_numbers_of_records(shared_data: Path, tmp_path: Path) -> None:
    numbers = {"bu_bibs.mrc": 100, "gpo_7542_utf8.mrc.gz": 7_542, "gpo_covid_1063_utf8.mrc": 1_063}
    for name, number in numbers.items():
        assert len(set(Reading(shared_data / "marc" / name, tmp_path).ids)) == number


def test_a_real_file_with_broken_leaders_in_the_middle_is_read_wholly(
    shared_data: Path, drop: Path, tmp_path: Path
) -> None:
    content = (shared_data / "marc" / "folio_100.mrc").read_bytes()
    records = content.split(b"\x1d")[:-1]
    records[20] = b"99999" + records[20][5:]
    records[40] = b"00012" + records[40][5:]
    records[60] = records[60][:6] + "ạ".encode() + records[60][7:]
    records[80] = records[80][24:]
    (drop / "a.mrc").write_bytes(b"".join(record + b"\x1d" for record in records))
    assert [record.payload[:-1] for record in Reading("drop", tmp_path).records] == records


def test_the_sum_holds_in_the_store_for_every_real_file(shared_data: Path, tmp_path: Path) -> None:
    files = [path for path in list_real_files(shared_data / "marc") if path.stat().st_size < 1_000_000]
    with open_store(f"sqlite:///{tmp_path / 'lienthu.db'}", tmp_path) as store:
        for number, path in enumerate(files):
            feed = Feed(id=f"file-{number}", protocol="file", path=str(path))
            for _ in range(2):
                result = harvest_feed(Harvest(store=store, home=tmp_path), PARTNER, feed)
                assert result.verdict == "complete", (path.name, result.message)
                assert result.counts.adds_up
                assert result.counts.received == path.read_bytes().count(b"\x1d")
            assert result.counts.stored == 0, path.name


KILLED = """
import os, signal, sys
from pathlib import Path
from harvesters.file import harvester
from harvesters.run import Harvest, harvest_feed
from lienthu.partner import Feed
from lienthu.store import open_store
from tests.harvesters.file.dropping import PARTNER
harvester.PAGE_RECORDS = 30
home, path, pages = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
class Killer:
    seen = 0
    def show_page(self, partner, feed, counts):
        self.seen += 1
        if self.seen == pages:
            os.kill(os.getpid(), signal.SIGKILL)
with open_store(f"sqlite:///{home / 'lienthu.db'}", home) as store:
    feed = Feed(id="files", protocol="file", path=path)
    result = harvest_feed(Harvest(store=store, home=home, watcher=Killer()), PARTNER, feed)
    print(result.verdict, result.counts.received, result.counts.stored, result.counts.adds_up)
"""


@pytest.mark.skipif(os.name == "nt", reason="kills as Linux does")
def test_killed_again_and_again_a_run_loses_nothing_and_counts_nothing_twice(shared_data: Path, tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[3]
    path = shared_data / "marc" / "uva_001-200.mrc"

    def harvest(pages: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", KILLED, str(tmp_path), str(path), str(pages)],
            capture_output=True,
            text=True,
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root)},
            check=False,
        )

    assert [harvest(pages).returncode for pages in (1, 2, 1)] == [-9, -9, -9]
    assert harvest(0).stdout.split() == ["complete", "200", "200", "True"]
