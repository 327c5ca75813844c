"""What an edition is found by though no record says it in a field: class, school subject, textbook set, peoples, places
and kind of book. Worked out from the merged description, so that all its libraries' words count. The rules are those of
``indexer.normalise``; the names come from the tables in use.
"""

from indexer.normalise.kinds import find_kinds
from indexer.normalise.peoples import find_peoples
from indexer.normalise.school import read_school
from indexer.normalise.subject_places import find_places
from lienthu.edition import NO_TOPICS, Topics
from lienthu.record import Description
from lienthu.text import exact

MAX_LENGTH = 4_000
"""Characters of a description that are looked at: titles, headings and series first, then edition and notes."""

_BOOKS = frozenset(("book", "talking-book", "braille"))
"""Of these one can say that they are books for children; a film for children is a film."""


def find_topics(described: Description) -> Topics:
    """Pure, and cheap where there is nothing to find."""
    title, subjects = described.title, described.subjects
    words = frozenset(" ".join([exact(text) for text in (title.main, title.subtitle, title.part) if text]).split(" "))
    texts = (
        title.main,
        title.subtitle,
        title.part,
        title.volume,
        *[subject.text for subject in subjects],
        *described.series,
        described.edition_statement,
        described.extent,
        *described.notes,
    )
    lowered = " | ".join(texts)[:MAX_LENGTH].lower()
    school = read_school(title, described.type, subjects, lowered)
    is_textbook = bool(school.sets and school.classes)
    kinds = find_kinds(
        lowered,
        described.publication.publisher_key,
        described.languages,
        textbook=is_textbook,
        children=bool(described.audience) and described.type in _BOOKS,
    )
    peoples = find_peoples(title, words, subjects, described.languages)
    places = find_places(title, words, subjects)
    if not (school.classes or school.subjects or school.sets or kinds or peoples or places):
        return NO_TOPICS
    return Topics(
        classes=tuple([str(number) for number in school.classes]),
        school_subjects=school.subjects,
        textbook_sets=school.sets,
        kinds=kinds,
        peoples=peoples,
        places=places,
    )
