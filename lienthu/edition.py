"""Edition: the same edition at many partners. One edition is one document of the index and one card for a reader."""

from lienthu.record import Description


class Edition(Description, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """``id`` is ours and never used for anything else; ``members`` are the records that lie together here, as
    ``partner/feed/source_id``, in that order; the description is merged from them; all their holdings are here."""

    id: str
    members: tuple[str, ...]

    @property
    def partner_ids(self) -> tuple[str, ...]:
        """The libraries that have it, each once, in order of first member."""
        return tuple(dict.fromkeys(member.split("/", 1)[0] for member in self.members))
