"""Whatever faults a server mixes, a run that states a total is complete only with everything, and its sums add up."""

import random
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from harvesters.session import Manners
from tests.harvesters.desk import Desk
from tests.servers.oai_server import Fault, Handler, Library, build_records, serve_library

HASTY = Manners(tries=3, backoff=0.0005, connect=2, read=3, page=5)
TOKEN = rb"<resumptionToken([^>]*)(?:/>|>[^<]*</resumptionToken>)"


def answer_error(code: str) -> bytes:
    return f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><error code="{code}"/></OAI-PMH>'.encode()


def change(rewrite: Callable[[bytes], bytes]) -> Fault:
    return lambda number, body, handler: handler.send(rewrite(body)) is None


def answer(body: bytes, status: int = 200) -> Fault:
    return lambda number, _body, handler: handler.send(body, status=status) is None


def refuse_token(number: int, body: bytes, handler: Handler) -> bool:
    """Only a token: a server that says that it has nothing at all is believed."""
    is_later = "resumptionToken" in handler.path
    if is_later:
        handler.send(answer_error(random.choice(["noRecordsMatch", "badResumptionToken"])))
    return is_later


def reset(number: int, body: bytes, handler: Handler) -> bool:
    handler.reset()
    return True


def send_first_page(number: int, body: bytes, handler: Handler) -> bool:
    verb = parse_qs(urlsplit(handler.path).query)["verb"][0]
    handler.send(handler.server.library.answer({"verb": verb}).encode())
    return True


FAULTS: tuple[Fault, ...] = (
    answer(b"broken", 500),
    answer(b"blocked", 403),
    answer(b"gone", 404),
    answer(b""),
    answer(b"<html>Maintenance</html>"),
    change(lambda body: body[: len(body) // 2]),
    change(lambda body: re.sub(TOKEN, b"", body)),
    change(lambda body: re.sub(TOKEN, rb"<resumptionToken\1/>", body)),
    change(lambda body: re.sub(rb"<record>.*</record>", b"", body, flags=re.DOTALL)),
    refuse_token,
    reset,
    send_first_page,
)


def mix_faults(dice: random.Random) -> Fault:
    """Some of them, now and then, in a burst, or always for the same questions."""
    chosen = dice.sample(FAULTS, dice.choice([1, 2, 4]))
    share, start, length = dice.choice([0.05, 0.3]), dice.randrange(1, 10), dice.randrange(1, 12)
    manner, fixed = dice.choice(["now and then", "burst", "always"]), dict[str, Fault | None]()

    def act(number: int, body: bytes, handler: Handler) -> bool:
        if manner == "always":
            fault = fixed.setdefault(handler.path, dice.choice(chosen) if dice.random() < share else None)
        else:
            is_hit = start <= number < start + length if manner == "burst" else dice.random() < share
            fault = dice.choice(chosen) if is_hit else None
        return fault is not None and "verb=Identify" not in handler.path and fault(number, body, handler)

    return act


@pytest.mark.parametrize("seed", range(40))
def test_no_mixture_of_faults_makes_a_short_run_complete(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    records = build_records(dice.choice([5, 30, 60, 95]), days=dice.choice([1, 28]))
    library = Library(records, page_size=dice.choice([5, 10, 30]), heeds_dates=dice.random() < 0.8)
    library.closing_token, library.dead_after = dice.random() < 0.7, dice.choice([0, 0, 3])
    library.fault = mix_faults(dice)
    desk = Desk(tmp_path)
    desk.manners = HASTY
    with serve_library(library) as server:
        result = desk.harvest(server.url, format="marcxml")
    missing = {record.id for record in records} - desk.live_ids()
    desk.store.close()
    assert result.counts.adds_up
    assert result.verdict != "complete" or not missing
    assert len(library.requests) < 1000
    assert "unexpected" not in result.message
