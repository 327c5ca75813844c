"""A process that harvests one feed and may be killed: ``python -m tests.harvesters.kill_child home url``."""

import sys
from pathlib import Path

from tests.harvesters.desk import Desk

if __name__ == "__main__":
    desk = Desk(Path(sys.argv[1]))
    print("begun", flush=True)
    result = desk.harvest(sys.argv[2], format="marcxml", full=True)
    print(result.verdict, flush=True)
