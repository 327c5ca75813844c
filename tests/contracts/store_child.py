"""Child processes of the store's contract suite: ``python -m tests.contracts.store_child ROLE ADDRESS HOME …``."""

import sys
import time
from pathlib import Path

from sqlalchemy import Connection

from lienthu.raw_record import RawRecord
from lienthu.store import open_store
from lienthu.store.record_store import RecordStore
from lienthu.store.upgrade import STEPS

PAGES = 150
PAGE_RECORDS = 20


def build_page(partner_id: str, page: int) -> list[RawRecord]:
    return [
        RawRecord(
            partner_id=partner_id,
            feed_id="oai",
            source_id=f"{page}:{place}",
            format="marcxml",
            payload=f"<record>{partner_id} {page} {place} Dế mèn phiêu lưu ký</record>".encode(),
        )
        for place in range(PAGE_RECORDS)
    ]


def write_pages(address: str, home: str, partner_id: str, pages: int) -> None:
    """Writes pages from the checkpoint on, saying the number of each that is written; then ends the run."""
    with open_store(address, home) as store, store.lock(f"harvest:{partner_id}/oai"):
        run = store.begin_run(partner_id, "oai")
        for page in range(int(run.checkpoint or b"0"), pages):
            store.write_page(run.id, build_page(partner_id, page), b"%d" % (page + 1), promised=pages * PAGE_RECORDS)
            print(page + 1, flush=True)
        store.end_run(run.id, "complete")


def upgrade(address: str, home: str, log: str) -> None:
    """Opens the store with one more step, which says in *log* that it ran."""

    def take_slow_step(connection: Connection) -> None:
        with Path(log).open("a") as file:
            file.write("ran\n")
        time.sleep(0.3)

    RecordStore(address, Path(home), steps=(*STEPS, take_slow_step)).close()


def hold_lock(address: str, home: str, name: str) -> None:
    with open_store(address, home) as store, store.lock(name):
        print("held", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    role, address, home, *rest = sys.argv[1:]
    if role == "write":
        write_pages(address, home, rest[0], int(rest[1]))
    elif role == "upgrade":
        upgrade(address, home, rest[0])
    elif role == "lock":
        hold_lock(address, home, rest[0])
