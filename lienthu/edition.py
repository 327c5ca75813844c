"""Edition: the same edition at many partners. One edition is one document of the index and one card for a reader."""

import msgspec

from lienthu.record import Description


class Topics(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What readers look for by name though no field says it. ``classes`` are ``1`` to ``12``; ``kinds`` are
    ``textbook``, ``children``, ``comics``, ``large-print``, ``han-nom``, ``local-studies``; the others are keys of the
    tables of :mod:`lienthu.tables`."""

    classes: tuple[str, ...] = ()
    school_subjects: tuple[str, ...] = ()
    textbook_sets: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    peoples: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


NO_TOPICS = Topics()


class Edition(Description, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """``id`` is ours and never used for anything else; ``members`` are the records that lie together here, as
    ``partner/feed/source_id``, in that order; the description is merged from them; all their holdings are here.
    ``topics`` are worked out from it."""

    id: str
    members: tuple[str, ...]
    topics: Topics = NO_TOPICS

    @property
    def partner_ids(self) -> tuple[str, ...]:
        """The libraries that have it, each once, in order of first member."""
        return tuple(dict.fromkeys(member.split("/", 1)[0] for member in self.members))
