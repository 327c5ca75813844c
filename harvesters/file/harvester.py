"""Harvests the files of a folder, or one that an address leads to.

Each run reads every file that the feed's path names, in the order of their names, in pages of at most 500 records.
The checkpoint holds the files already read, the place in the present one and the fingerprints of both, so a killed
run goes on at the very byte. A file that changed meanwhile cannot be gone on with: the run ends as incomplete and the
next one starts anew. A file that is still being copied is left for the next run. A file that cannot be read is named,
the others are read all the same, and the run is incomplete.
"""

from collections.abc import Generator, Iterable, Iterator
from pathlib import Path

import msgspec

from harvesters.file.fetch import fetch_file
from harvesters.file.folder import DroppedFile, find_files, part_unfinished, read_fingerprint
from harvesters.file.piece import FilePiece, Place
from harvesters.file.pieces import read_pieces
from harvesters.page import Ending, HarvestContext, Page, PageStream
from lienthu.errors import HarvestError
from lienthu.i18n import mark
from lienthu.message import Message, build_message, join_messages, quote_text
from lienthu.partner import Feed, Partner
from lienthu.store import OpenRun

PAGE_RECORDS = 500
PAGE_BYTES = 16_000_000
_MOST_REMARKS = 50
HOLDS_NO_RECORD = mark("{file} holds no record: look at what was exported, and send it again.")


class FileCheckpoint(msgspec.Struct, frozen=True, kw_only=True):
    """What was read: ``done`` maps the files read to the end (or given up) to their fingerprints."""

    done: dict[str, str] = {}
    name: str = ""
    fingerprint: str = ""
    place: Place = Place()
    troubles: tuple[Message | str, ...] = ()
    """What stands in the way of a complete run; a text in the checkpoint of an earlier release."""
    remarks: tuple[Message | str, ...] = ()
    received: int = 0


class FileHarvester:
    """The protocol ``file``."""

    def pages(self, feed: Feed, partner: Partner, run: OpenRun, context: HarvestContext) -> PageStream:
        """The pages of one run. Raises HarvestError where no file is there at all."""
        checkpoint = _read_checkpoint(run.checkpoint)
        files, unfinished = _find_files(feed, partner, run, context)
        if unfinished:
            checkpoint = _note_unfinished(checkpoint, unfinished)
        changed = _find_change(files, checkpoint)
        if changed:
            return Ending(
                verdict="incomplete",
                message=build_message(
                    mark("{file} changed while it was being read: harvest again to read it from its start."),
                    file=changed,
                ),
            )
        for file in files:
            if file.name not in checkpoint.done:
                checkpoint = yield from _read_file(file, feed, partner.id, checkpoint)
        return _end(checkpoint)


def _find_files(
    feed: Feed, partner: Partner, run: OpenRun, context: HarvestContext
) -> tuple[list[DroppedFile], list[DroppedFile]]:
    """(the files to read, those that are still being copied). What a url leads to is fetched first, and not fetched
    again by a run that goes on in the middle of it."""
    files: list[DroppedFile] = []
    if feed.url:
        files.append(fetch_file(feed, partner.id, context, again=run.checkpoint is not None))
    if feed.path or not feed.url:
        files.extend(find_files(feed.path, context.home))
    return part_unfinished(files)


def _note_unfinished(checkpoint: FileCheckpoint, unfinished: list[DroppedFile]) -> FileCheckpoint:
    words = mark("{file} is still being copied and was left for the next run.")
    troubles = [build_message(words, file=file.name) for file in unfinished]
    return msgspec.structs.replace(checkpoint, troubles=_add_new(checkpoint.troubles, troubles))


def _read_file(
    file: DroppedFile, feed: Feed, partner_id: str, checkpoint: FileCheckpoint
) -> Generator[Page, None, FileCheckpoint]:
    """The pages of one file; returns the checkpoint with the file done, and with its trouble if it had one."""
    trouble = Message()
    try:
        checkpoint = _enter_file(file, checkpoint)
        for pieces in _batch(read_pieces(file, feed, partner_id, checkpoint.place)):
            page, checkpoint = _build_page(pieces, checkpoint)
            if any(piece.cut for piece in pieces):
                trouble = build_message(mark("{file} ends in the middle of a record: send it again."), file=file.name)
            yield page
        if read_fingerprint(file.path) != checkpoint.fingerprint:
            trouble = build_message(mark("{file} changed while it was being read: harvest again."), file=file.name)
        elif not checkpoint.place.position:
            trouble = build_message(HOLDS_NO_RECORD, file=file.name)
    except HarvestError as error:
        trouble = error.keep()
    except OSError as error:
        words = mark("{file} cannot be read ({error}).")
        trouble = build_message(words, file=file.name, error=error.strerror or error)
    checkpoint = _leave_file(file, checkpoint, trouble)
    yield Page(checkpoint=msgspec.json.encode(checkpoint), cursor=file.name)
    return checkpoint


def _enter_file(file: DroppedFile, checkpoint: FileCheckpoint) -> FileCheckpoint:
    if file.outside:
        raise HarvestError(
            mark("{file} is a link to a place outside its folder and was not read: put the file itself there."),
            file=file.name,
        )
    fingerprint = read_fingerprint(file.path)
    if checkpoint.name == file.name:
        return checkpoint
    return msgspec.structs.replace(checkpoint, name=file.name, fingerprint=fingerprint, place=Place())


def _leave_file(file: DroppedFile, checkpoint: FileCheckpoint, trouble: Message) -> FileCheckpoint:
    fingerprint = checkpoint.fingerprint if checkpoint.name == file.name else ""
    return msgspec.structs.replace(
        checkpoint,
        done={**checkpoint.done, file.name: fingerprint},
        troubles=(*checkpoint.troubles, trouble) if trouble else checkpoint.troubles,
        name="",
        fingerprint="",
        place=Place(),
    )


def _batch(pieces: Iterator[FilePiece]) -> Iterator[list[FilePiece]]:
    """At most a page of records; what was read before an error is handed over before the error is raised."""
    batch: list[FilePiece] = []
    size = 0
    try:
        for piece in pieces:
            batch.append(piece)
            size += len(piece.record.payload) if piece.record else 0
            if len(batch) >= PAGE_RECORDS or size >= PAGE_BYTES:
                yield batch
                batch, size = [], 0
    except (HarvestError, OSError):
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def _build_page(pieces: list[FilePiece], checkpoint: FileCheckpoint) -> tuple[Page, FileCheckpoint]:
    rejections = tuple(
        msgspec.structs.replace(piece.rejection, position=position)
        for position, piece in enumerate(pieces, checkpoint.received + 1)
        if piece.rejection
    )
    remarks = _add_new(checkpoint.remarks, [piece.remark for piece in pieces if piece.remark])
    checkpoint = msgspec.structs.replace(
        checkpoint,
        place=pieces[-1].place,
        received=checkpoint.received + len(pieces),
        remarks=remarks[:_MOST_REMARKS],
    )
    page = Page(
        records=tuple(piece.record for piece in pieces if piece.record),
        rejections=rejections,
        checkpoint=msgspec.json.encode(checkpoint),
        cursor=f"{checkpoint.name} {checkpoint.place.position}",
    )
    return page, checkpoint


def _read_checkpoint(checkpoint: bytes | None) -> FileCheckpoint:
    if not checkpoint:
        return FileCheckpoint()
    try:
        return msgspec.json.decode(checkpoint, type=FileCheckpoint)
    except msgspec.DecodeError as error:
        raise HarvestError(
            mark("The checkpoint of this run cannot be read ({error}): harvest again with --full."), error=error
        ) from error


def _find_change(files: list[DroppedFile], checkpoint: FileCheckpoint) -> str:
    """The name of a file that was read, or begun, and is another one now; empty where all stayed as they were."""
    read = {**checkpoint.done, checkpoint.name: checkpoint.fingerprint}
    paths = {file.name: file.path for file in files}
    for name, fingerprint in read.items():
        if fingerprint and (name not in paths or _fingerprint(paths[name]) != fingerprint):
            return name
    return ""


def _fingerprint(path: Path) -> str:
    try:
        return read_fingerprint(path)
    except OSError:
        return ""


def _add_new(known: tuple[Message | str, ...], more: Iterable[Message]) -> tuple[Message | str, ...]:
    added = list(known)
    for message in more:
        if message not in added:
            added.append(message)
    return tuple(added)


def _join(parts: Iterable[Message | str], separator: str) -> Message:
    return join_messages((quote_text(part) if isinstance(part, str) else part for part in parts), separator)


def _end(checkpoint: FileCheckpoint) -> Ending:
    if checkpoint.troubles:
        return Ending(verdict="incomplete", message=_join(checkpoint.troubles, " "))
    if not checkpoint.received:
        return Ending(verdict="incomplete", message=Message(mark("The files hold no record.")))
    return Ending(verdict="complete", message=_join(checkpoint.remarks, ". "))
