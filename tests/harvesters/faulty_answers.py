"""Faults that a server plays: each answers a request in its own wrong way."""

from tests.servers.oai_server import Fault, Handler

FORMAT = {"format": "marcxml"}


def on_request(which: int, act: "Fault", times: int = 1) -> Fault:
    """The fault from the request of this number on, so many times."""

    def fault(number: int, body: bytes, handler: Handler) -> bool:
        return which <= number < which + times and act(number, body, handler)

    return fault


def send_html(number: int, body: bytes, handler: Handler) -> bool:
    handler.send(b"<!DOCTYPE html><html><body>Maintenance</body></html>", kind="text/html")
    return True


def send_nothing(number: int, body: bytes, handler: Handler) -> bool:
    handler.send(b"")
    return True


def reset(number: int, body: bytes, handler: Handler) -> bool:
    handler.reset()
    return True


def cut_at(place: int) -> Fault:
    def act(number: int, body: bytes, handler: Handler) -> bool:
        handler.send(body[: min(place, len(body.rstrip()) - 1)])
        return True

    return act


def cut_connection(number: int, body: bytes, handler: Handler) -> bool:
    """Promises the whole page, sends half of it."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body[: len(body) // 2])
    handler.reset()
    return True


def send_another_verb(number: int, body: bytes, handler: Handler) -> bool:
    handler.send(handler.server.library.answer({"verb": "Identify"}).encode())
    return True


def fail(number: int, body: bytes, handler: Handler) -> bool:
    handler.send(b"broken", status=500)
    return True


def ask_to_wait(value: str, status: int = 503) -> Fault:
    def act(number: int, body: bytes, handler: Handler) -> bool:
        handler.send(b"later", status=status, Retry_After=value)
        return True

    return act


PASSING = [send_html, send_nothing, reset, cut_at(700), cut_connection, send_another_verb, fail]
