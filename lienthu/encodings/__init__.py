"""Old and broken encodings of Vietnamese (and Chinese), read and repaired."""

from lienthu.encodings.repair import Repair, find_encoding, guess_repairs, may_be_damaged, repair_text, repair_texts

__all__ = ["Repair", "find_encoding", "guess_repairs", "may_be_damaged", "repair_text", "repair_texts"]
