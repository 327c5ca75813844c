"""Old and broken encodings of Vietnamese (and Chinese), read and repaired."""

from lienthu.encodings.repair import Repair, may_be_damaged, repair_text, repair_texts

__all__ = ["Repair", "may_be_damaged", "repair_text", "repair_texts"]
