"""Works: whether a record still describes the work that it did. The harvest asks, the indexer understands."""

from collections.abc import Mapping

from lienthu.partner import Partner
from lienthu.raw_record import RawRecord
from lienthu.store.nouns import JudgeWork


def build_judge(partners: Mapping[str, Partner]) -> JudgeWork:
    """Judges by what the records say to the indexer; what it does not understand is no other work."""

    def judge(shown: RawRecord, arrived: RawRecord) -> bool:
        # A harvest in which nothing changed needs none of this.
        from indexer.changed_works import is_other_work
        from indexer.crosswalks import map_record
        from lienthu.outcome import Mapped

        partner = partners.get(arrived.partner_id)
        new = map_record(arrived, partner)
        old = map_record(shown, partner) if isinstance(new, Mapped) else new
        return isinstance(old, Mapped) and isinstance(new, Mapped) and is_other_work(old.record, new.record)

    return judge
