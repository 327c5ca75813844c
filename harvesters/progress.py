"""Shows a harvest as it goes: records, rate, promised total; on stderr, only on a terminal. And the closing table."""

from types import TracebackType

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from harvesters.result import FeedResult
from lienthu.harvest_run import HarvestCounts
from lienthu.i18n import _, mark, plural
from lienthu.partner import Feed, Partner

COUNT_NAMES = (
    mark("promised"),
    mark("received"),
    mark("stored"),
    mark("unchanged"),
    mark("deleted"),
    mark("repeated"),
    mark("rejected"),
)
_WIDEST_WHERE_UNKNOWN = 160
_WIDE = 120


class ProgressBars:
    """One bar for each feed. Off a terminal it shows nothing."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}", markup=False),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> "ProgressBars":
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._progress.stop()

    def open_feed(self, partner: Partner, feed: Feed) -> None:
        name = f"{partner.id}/{feed.id}"
        self._tasks[name] = self._progress.add_task(name, total=None, rate="")

    def show_page(self, partner: Partner, feed: Feed, counts: HarvestCounts) -> None:
        task = self._tasks[f"{partner.id}/{feed.id}"]
        speed = self._progress.tasks[task].speed
        rate = _("{rate} records/s").format(rate=f"{speed:,.0f}") if speed else ""
        self._progress.update(task, completed=counts.received, total=counts.promised, rate=rate)

    def close_feed(self, result: FeedResult) -> None:
        task = self._tasks[f"{result.partner_id}/{result.feed_id}"]
        done = result.counts.received
        self._progress.update(task, completed=done, total=done, rate=_(result.verdict))
        self._progress.stop_task(task)


def print_table(results: list[FeedResult]) -> None:
    """The closing table and the first rejections, on stdout. A partner's words are never read as markup."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDEST_WHERE_UNKNOWN)
    # A narrow terminal has no room for sentences beside ten columns: they follow below.
    is_wide = console.width >= _WIDE
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, collapse_padding=True)
    table.add_column(_("feed"), no_wrap=True)
    table.add_column(_("verdict"), no_wrap=True)
    for name in COUNT_NAMES:
        table.add_column(_(name), justify="right", no_wrap=True)
    if is_wide:
        table.add_column(_("message"), overflow="fold")
    remarks: list[str] = []
    for result in results:
        counts = [getattr(result.counts, name) for name in COUNT_NAMES]
        message = result.message
        if result.removed:
            message = "; ".join(filter(None, (message, _("{count} gone since").format(count=result.removed))))
        table.add_row(
            f"{result.partner_id}/{result.feed_id}",
            _(result.verdict),
            *("–" if count is None else f"{count}" for count in counts),
            *([Text(message)] if is_wide else []),
        )
        if message and not is_wide:
            remarks.append(f"{result.partner_id}/{result.feed_id}: {message}")
    console.print(table)
    for remark in remarks:
        console.print(Text(remark))
    for result in results:
        for rejection in result.rejections:
            line = _("{feed}: rejected {id}: {reason} ({rule}, record {position} of the run)").format(
                feed=f"{result.partner_id}/{result.feed_id}",
                id=rejection.source_id or "–",
                reason=rejection.reason,
                rule=rejection.rule,
                position=rejection.position,
            )
            console.print(Text(line))
        more = result.counts.rejected - len(result.rejections)
        if result.rejections and more > 0:
            words = plural("{feed}: {count} more was rejected", "{feed}: {count} more were rejected", more)
            told = words.format(feed=f"{result.partner_id}/{result.feed_id}", count=more)
            console.print(Text(f"{told}: lienthu status --outcomes"))
