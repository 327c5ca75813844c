"""A process that writes batch after batch into a generation until it is killed, and says when each is committed.

Run: ``python -m tests.lienthu.engine.writing_child FOLDER GENERATION FIRST``.
"""

import sys
from pathlib import Path

from lienthu.engine.tantivy import TantivyEngine
from tests.index_documents import make_document

BATCH = 5


def main() -> None:
    folder, generation, first = sys.argv[1:]
    with TantivyEngine(Path(folder)).open_writer(generation) as writer:
        for batch in range(int(first), int(first) + 10_000):
            names = (f"author of {batch}", f"author of {batch - 1}", "author of all")
            writer.upsert(
                make_document(f"b{batch}-{place}", "sách", subject=f"lô{batch}", facets={"author": names})
                for place in range(BATCH)
            )
            print(f"written {batch}", flush=True)
            writer.commit()
            print(f"committed {batch}", flush=True)


if __name__ == "__main__":
    main()
