"""Words of a query as a tree: synonyms beside what was typed, runs of Han as phrases, numbers before all."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import msgspec

from lienthu.query.tree import And, Or, Phrase, Preferred, Query, Scope, Word, Words
from lienthu.tables.synonyms import Form, Group, SynonymTable
from lienthu.text import Token
from lienthu.text.script import is_spaceless

_LONGEST_NAME = 4


class Run(msgspec.Struct, frozen=True):
    """Neighbouring words of one kind: plain ones, one that has synonyms (``group``), or a run of Han."""

    words: tuple[Word, ...]
    group: Group | None = None
    han: bool = False


def build_words(tokens: Sequence[Token], scope: Scope, marked: bool, table: SynonymTable) -> Query:
    """Every token must match. Where words have synonyms, as typed or by any of them."""
    words = _take_volumes([Word(token.exact, token.folded) for token in tokens], table)
    runs = list(_split_runs(words, tokens, marked, table))
    runs = _leave_out_optional(runs, table)
    strict = _join(runs, scope, marked)
    if not any(run.group is not None and run.group.loose for run in runs):
        return strict
    loose = [Run(run.words) if run.group is not None and run.group.loose else run for run in runs]
    return Or((_join(_merge_plain(loose), scope, marked), strict))


def add_turned_names(tree: Query) -> Query:
    """*Du Nguyễn*, *Christie, Agatha*: a few words may be a name in another order than the record has it. Nothing more
    is found, but editions by a person of that name come first."""
    if not isinstance(tree, Words) or not 2 <= len(tree.words) <= _LONGEST_NAME:
        return tree
    words = tree.words
    if any(word.alternatives or not word.folded.isalpha() for word in words):
        return tree
    turned = dict.fromkeys((words[-1:] + words[:-1], words[1:] + words[:1]))
    turned.pop(words, None)
    return Or((tree, *(Phrase(name, "author", tree.marked) for name in turned)))


def list_highlights(tokens: Sequence[Token], marked: bool, table: SynonymTable) -> Iterable[Form]:
    """What of these words and their synonyms to highlight: a form of one word wherever it stands, a longer one only as
    a whole."""
    words = [Word(token.exact, token.folded) for token in tokens]
    for run in _split_runs(words, tokens, marked, table):
        if run.han or (run.group is not None and not run.group.loose):
            yield run.words
        else:
            yield from ((word,) for word in run.words)
        if run.group is not None:
            yield from run.group.forms


def _take_volumes(words: list[Word], table: SynonymTable) -> list[Word]:
    """``tập 1`` also finds ``T. 1``."""
    taken = list(words)
    for place, (word, after) in enumerate(pairwise(words)):
        others = table.volumes.get(word.folded)
        if others and after.folded.isdigit():
            taken[place] = Word(word.exact, word.folded, others)
    return taken


def _split_runs(words: Sequence[Word], tokens: Sequence[Token], marked: bool, table: SynonymTable) -> Iterable[Run]:
    plain: list[Word] = []
    place = 0
    while place < len(words):
        found = table.find_group(words[place : place + table.longest], marked)
        length = found[1] if found else _measure_han(tokens, place)
        if found or length:
            if plain:
                yield Run(tuple(plain))
                plain = []
            yield Run(tuple(words[place : place + length]), found[0] if found else None, han=not found)
            place += length
        else:
            plain.append(words[place])
            place += 1
    if plain:
        yield Run(tuple(plain))


def _measure_han(tokens: Sequence[Token], place: int) -> int:
    """How many characters without a space between them begin here; 0 for fewer than two."""
    end = place
    while end < len(tokens) and is_spaceless(tokens[end].exact[0]):
        if end > place and tokens[end].start != tokens[end - 1].end:
            break
        end += 1
    return end - place if end - place > 1 else 0


def _leave_out_optional(runs: list[Run], table: SynonymTable) -> list[Run]:
    kept = [run for run in runs if not all(word.folded in table.optional for word in run.words)]
    return kept or runs


def _merge_plain(runs: Iterable[Run]) -> list[Run]:
    merged: list[Run] = []
    for run in runs:
        if merged and run.group is None and not run.han and merged[-1].group is None and not merged[-1].han:
            merged[-1] = Run(merged[-1].words + run.words)
        else:
            merged.append(run)
    return merged


def _join(runs: Sequence[Run], scope: Scope, marked: bool) -> Query:
    children = [_build_run(run, scope, marked) for run in runs]
    return children[0] if len(children) == 1 else And(tuple(children))


def _build_run(run: Run, scope: Scope, marked: bool) -> Query:
    if run.group is None:
        return Phrase(run.words, scope, marked) if run.han else Words(run.words, scope, marked)
    found = _build_forms(run, run.group.forms, scope, marked)
    return Preferred(found, _build_forms(run, run.group.first, scope, marked)) if run.group.first else found


def _build_forms(run: Run, written: Sequence[Form], scope: Scope, marked: bool) -> Query:
    """Any of these forms."""
    singles = [form[0] for form in written if len(form) == 1]
    forms: list[Query] = [Phrase(form, scope, marked) for form in written if len(form) > 1]
    if singles:
        first = run.words[0] if len(run.words) == 1 else singles[0]
        others = dict.fromkeys(word.folded for word in singles if word.folded != first.folded)
        forms.insert(0, Words((Word(first.exact, first.folded, tuple(others)),), scope, marked))
    return forms[0] if len(forms) == 1 else Or(tuple(forms))
