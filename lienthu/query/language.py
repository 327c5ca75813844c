"""The query language: any text is a valid query, and none raises an error.

Words must all match. The operators are those of :mod:`lienthu.query.clauses`; what was read as one is told in
``read_as``, since the reader may not have meant it. An empty text asks for everything; a text without any word (a
smiley, ``%``) finds nothing, and that is told too. The tree keeps to the bounds of :mod:`lienthu.query.tree`.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import cast

import msgspec

from lienthu.query.clauses import Clause, read_clauses
from lienthu.query.number import find_numbers, read_code, read_isbn_field
from lienthu.query.size import measure_tree
from lienthu.query.tree import (
    And,
    Everything,
    Not,
    Nothing,
    Or,
    Phrase,
    Query,
    Scope,
    Word,
    Words,
)
from lienthu.query.words import add_turned_names, build_words, list_highlights
from lienthu.tables import tables_in_use
from lienthu.tables.synonyms import NO_SYNONYMS, Form, SynonymTable
from lienthu.text import Token, analyse, fold, has_marks

MAX_LENGTH = 1_000
MAX_WORDS = 100
MAX_CLAUSES = 16
MAX_NUMBERS = 8
MAX_NODES_WITH_SYNONYMS = 120
MAX_WORDS_WITH_SYNONYMS = 500
"""A query that grows beyond these is read without synonyms. Then the bounds above keep it below MAX_NODES, and here
they leave room for widening, which doubles a tree."""

ReadAs = tuple[tuple[str, str], ...]


class ParsedQuery(msgspec.Struct, frozen=True):
    """``tree`` is what to search; ``read_as`` what was read as an operator, as (kind, text): ``not``, ``phrase``,
    ``or``, ``field:author`` and other fields, ``isbn``, ``isbn-invalid``, ``issn``, ``no-words``, ``cut``. ``words``
    are to be highlighted wherever they stand, ``phrases`` only as a whole."""

    tree: Query
    read_as: ReadAs = ()
    words: tuple[Word, ...] = ()
    phrases: tuple[Form, ...] = ()
    marked: bool = False


def parse_query(text: str, synonyms: SynonymTable | None = None) -> ParsedQuery:
    """Reads a query. Text beyond MAX_LENGTH characters, MAX_CLAUSES clauses or MAX_WORDS words is left out. Without
    *synonyms*, those in use."""
    return _parse(text, synonyms or tables_in_use().synonyms)


@lru_cache(maxsize=2_048)
def _parse(text: str, synonyms: SynonymTable) -> ParsedQuery:
    if not text.strip():
        return ParsedQuery(Everything())
    reader = _Reader(text, synonyms)
    tree = reader.build_tree()
    size = measure_tree(tree)
    if size.nodes > MAX_NODES_WITH_SYNONYMS or size.words > MAX_WORDS_WITH_SYNONYMS:
        reader = _Reader(text, NO_SYNONYMS)
        tree = reader.build_tree()
    return ParsedQuery(
        tree,
        tuple(dict.fromkeys(reader.read_as)),
        tuple(dict.fromkeys(reader.words)),
        tuple(dict.fromkeys(reader.phrases)),
        reader.marked,
    )


class _Reader:
    """Reads one text: collects on the way what was read as what, and what to highlight."""

    def __init__(self, text: str, table: SynonymTable) -> None:
        self.text = text[:MAX_LENGTH]
        self.table = table
        self.marked = has_marks(self.text)
        self.read_as: list[tuple[str, str]] = []
        self.words: list[Word] = []
        self.phrases: list[Form] = []
        self.remaining = MAX_WORDS
        self._numbers = 0
        self._alone = False
        if len(text) > MAX_LENGTH:
            self.tell("cut", str(MAX_LENGTH))

    def tell(self, kind: str, text: str) -> None:
        self.read_as.append((kind, " ".join(text.split())))

    def build_tree(self) -> Query:
        clauses = list(read_clauses(self.text))
        if not clauses and fold(self.text):
            clauses = [Clause(self.text)]  # the name of a field and nothing after it
        if not clauses:
            self.tell("no-words", self.text)
            return Nothing()
        if len(clauses) > MAX_CLAUSES:
            self.tell("cut", str(MAX_CLAUSES))
            clauses = clauses[:MAX_CLAUSES]
        self._alone = len(clauses) == 1
        sides = [
            _require([node for clause in clauses if clause.side == side for node in self._read_clause(clause)])
            for side in dict.fromkeys(clause.side for clause in clauses)
        ]
        if len(sides) > 1:
            self.tell("or", self.text)
        return sides[0] if len(sides) == 1 else Or(tuple(sides))

    def _read_clause(self, clause: Clause) -> Iterator[Query]:
        if clause.excluded:
            self.tell("not", clause.text)
            yield from (Not(node) for node in self._read_excluded(clause))
            return
        if clause.scope == "isbn":
            yield from self._read_isbn(clause)
            return
        if clause.scope != "any":
            self.tell(f"field:{clause.scope}", clause.text)
        if clause.quoted:
            tokens = self._take(analyse(clause.text))
            self.tell("phrase", clause.text)
            self._highlight(tuple(Word(token.exact, token.folded) for token in tokens))
            yield from _build_phrase(tokens, _scope(clause), self.marked)
        else:
            yield from self._read_plain(clause)

    def _read_excluded(self, clause: Clause) -> Iterator[Query]:
        if clause.scope == "isbn":
            found = read_isbn_field(clause.text)
            if found:
                yield found[2]
            return
        yield from _build_phrase(self._take(analyse(clause.text)), _scope(clause), has_marks(clause.text))

    def _read_isbn(self, clause: Clause) -> Iterator[Query]:
        labelled = f"isbn: {clause.text}"
        if any(find_numbers(labelled)):
            yield from self._read_plain(Clause(labelled))
            return
        found = read_isbn_field(clause.text)
        if found is not None:
            kind, shown, number = found
            self.tell(kind, shown)
            yield number

    def _read_plain(self, clause: Clause) -> Iterator[Query]:
        place = 0
        text = clause.text
        for found in find_numbers(text) if clause.scope == "any" else ():
            self._numbers += 1
            if self._numbers > MAX_NUMBERS:
                break
            yield from self._read_words(text[place : found.start], clause)
            self.tell(found.kind, found.shown)
            as_words = () if found.sure else tuple(self._read_words(found.written, clause, code=False))
            yield Or((found.number, *as_words)) if as_words else found.number
            place = found.end
        yield from self._read_words(text[place:], clause)

    def _read_words(self, text: str, clause: Clause, code: bool = True) -> Iterator[Query]:
        tokens = self._take(analyse(text))
        if not tokens:
            return
        tree = build_words(tokens, _scope(clause), self.marked, self.table)
        if self._alone and clause.scope in {"any", "author"}:
            tree = add_turned_names(tree)
        for form in list_highlights(tokens, self.marked, self.table):
            self._highlight(form)
        number = read_code(text) if code and self._alone and clause.scope == "any" else None
        yield tree if number is None else Or((number, tree))

    def _take(self, tokens: list[Token]) -> list[Token]:
        if len(tokens) > self.remaining:
            self.tell("cut", str(MAX_WORDS))
        taken = tokens[: self.remaining]
        self.remaining -= len(taken)
        return taken

    def _highlight(self, form: Form) -> None:
        if len(form) > 1:
            self.phrases.append(form)
        else:
            self.words.extend(form)


def _scope(clause: Clause) -> Scope:
    return cast(Scope, clause.scope)


def _build_phrase(tokens: list[Token], scope: Scope, marked: bool) -> Iterator[Query]:
    words = tuple(Word(token.exact, token.folded) for token in tokens)
    if len(words) > 1:
        yield Phrase(words, scope, marked)
    elif words:
        yield Words(words, scope, marked)


def _require(nodes: list[Query]) -> Query:
    """All of them; if all only exclude, everything else."""
    if not nodes:
        return Everything()
    if all(isinstance(node, Not) for node in nodes):
        nodes.insert(0, Everything())
    return nodes[0] if len(nodes) == 1 else And(tuple(nodes))
