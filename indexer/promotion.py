"""Promotion: the one door through which a generation comes into service.

A build is brought up to date, then checked against the one that serves: it is not empty while the store is not, has not
lost more than a stated share of the editions, and answers every golden query that the serving one answers. What is
refused stays beside the old one, which goes on serving, until somebody forces it or builds anew.
"""

from collections.abc import Callable, Sequence

from indexer.build import apply_again, follow_changes
from indexer.golden_answers import BrokenQuery, find_broken_queries
from indexer.step import Partners
from lienthu.engine.protocol import Generation, SearchEngine
from lienthu.errors import CatalogueError
from lienthu.golden import GoldenQuery
from lienthu.i18n import mark
from lienthu.store import RecordStore

MAX_SHRINK = 0.10
"""A build that lost more than this share of the serving editions is refused unless told otherwise."""


class PromotionRefused(CatalogueError):
    """The new generation is worse than the serving one; the old one goes on serving."""

    status = 409
    title = mark("The new index was not put into service")


class WorseAnswers(PromotionRefused):
    """It answers golden queries worse; each is told on a line of its own."""

    def __init__(self, generation: str, worse: Sequence[BrokenQuery]) -> None:
        super().__init__(
            mark(
                "The new index {generation} answers {count} golden queries worse than the serving one. Nothing was "
                "changed. If that is right, run: lienthu promote {generation} --force"
            ),
            generation=generation,
            count=len(worse),
        )
        self.worse = worse

    def tell(self, translate: Callable[[str], str]) -> str:
        return "\n".join((super().tell(translate), *tell_broken(self.worse, translate)))


def tell_broken(broken: Sequence[BrokenQuery], translate: Callable[[str], str]) -> list[str]:
    """One line for each: ``“dao tuyển”: laocai/oai/7 is not the first hit``."""
    return [f"  “{one.text}”: " + "; ".join(breach.tell(translate) for breach in one.breaches) for one in broken]


def promote_generation(
    store: RecordStore,
    engine: SearchEngine,
    generation: str,
    partners: Partners,
    golden: Sequence[GoldenQuery] = (),
    *,
    force: bool = False,
) -> None:
    """Drains the change feed into *generation*, checks it, and swaps it in. The one before is kept for a rollback."""
    follow_changes(store, engine, generation, partners, lambda n: None)
    if not force:
        check_promotion(store, engine, generation, golden)
    engine.promote(generation)
    store.mark_promoted(generation)


def check_promotion(
    store: RecordStore, engine: SearchEngine, generation: str, golden: Sequence[GoldenQuery] = ()
) -> None:
    """Raises PromotionRefused. Against a generation that another version made only the numbers can be compared."""
    editions = engine.count(generation)
    if editions == 0 and store.count_records().live:
        raise PromotionRefused(
            mark("The new index {generation} is empty though the store holds records. Look at: lienthu status"),
            generation=generation,
        )
    serving = find_serving(engine)
    if serving is None or serving.name == generation:
        return
    if editions < serving.editions * (1 - MAX_SHRINK):
        raise PromotionRefused(
            mark(
                "The new index {generation} holds {editions} editions, the serving one {before}. Nothing was changed. "
                "If that is right, run: lienthu promote {generation} --force"
            ),
            generation=generation,
            editions=editions,
            before=serving.editions,
        )
    broken = find_broken_queries(store, engine, generation, golden) if serving.current else []
    if broken:
        before = {one.text for one in find_broken_queries(store, engine, serving.name, golden)}
        worse = [one for one in broken if one.text not in before]
        if worse:
            raise WorseAnswers(generation, worse)


def find_serving(engine: SearchEngine) -> Generation | None:
    """The serving generation, also where another version made it."""
    return next((generation for generation in engine.generations() if generation.serving), None)


def find_before(store: RecordStore, engine: SearchEngine) -> str | None:
    """The generation to go back to: the last before the serving one that served and that this version can use."""
    promoted = {state.name for state in store.generations() if state.promoted}
    before = None
    for generation in engine.generations():
        if generation.serving:
            break
        if generation.current and generation.name in promoted:
            before = generation.name
    return before


def put_back(store: RecordStore, engine: SearchEngine, generation: str, partners: Partners) -> None:
    """Puts an earlier generation back into service, without what has been hidden since it was built."""
    apply_again(store, engine, generation, store.hidden_numbers(), partners)
    engine.promote(generation)
    store.mark_promoted(generation)


def sweep_old(store: RecordStore, engine: SearchEngine, keep: int = 2) -> list[str]:
    """Drops all but the serving generation and the *keep* - 1 that served last before it; returns the dropped names."""
    promoted = {state.name: state.promoted for state in store.generations()}
    others = [generation.name for generation in engine.generations() if not generation.serving]
    served = sorted((name for name in others if promoted.get(name)), key=lambda name: promoted[name])
    kept = served[max(0, len(served) - (keep - 1)) :]
    dropped = [name for name in others if name not in kept]
    for name in dropped:
        engine.drop_generation(name)
        store.drop_generation(name)
    return dropped
