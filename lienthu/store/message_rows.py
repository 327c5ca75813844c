"""Messages of runs in the store: the sentence stands beside its run, its template and facts in a table of their own."""

import msgspec
from sqlalchemy import delete

from lienthu.message import Message, quote_text
from lienthu.store.database import Writing, clean_text
from lienthu.store.schema import run_messages

MESSAGE = "message"
REASON = "reason"
"""What a message is of its run: what it has to say, or why it is held."""


def write_message(writing: Writing, run_id: int, kind: str, message: Message) -> None:
    """In the place of the one before."""
    own = (run_messages.c.run == run_id) & (run_messages.c.kind == kind)
    writing.connection.execute(delete(run_messages).where(own))
    if message:
        content = msgspec.json.encode(clean_message(message)).decode()
        writing.connection.execute(run_messages.insert().values(run=run_id, kind=kind, content=content))


def read_message(content: str | None, sentence: str) -> Message:
    """What was written; the *sentence* where there is no more than that."""
    try:
        return msgspec.json.decode(content, type=Message) if content else quote_text(sentence)
    except msgspec.DecodeError:
        return quote_text(sentence)


def clean_message(message: Message) -> Message:
    """The same with texts that every database can hold."""
    return Message(
        clean_text(message.template),
        {
            name: clean_message(fact)
            if isinstance(fact, Message)
            else clean_text(fact)
            if isinstance(fact, str)
            else fact
            for name, fact in message.facts.items()
        },
        message.many,
    )
