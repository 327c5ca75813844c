"""Text analysis, once, in Python: what every engine indexes and every query is made of."""

from lienthu.text.layers import (
    ANALYSER_VERSION,
    GAP,
    Token,
    analyse,
    exact,
    fold,
    has_marks,
    join_layers,
    normalise_number,
)
from lienthu.text.sort_key import build_sort_key
from lienthu.text.syllable import is_syllable

__all__ = [
    "ANALYSER_VERSION",
    "GAP",
    "Token",
    "analyse",
    "build_sort_key",
    "exact",
    "fold",
    "has_marks",
    "is_syllable",
    "join_layers",
    "normalise_number",
]
