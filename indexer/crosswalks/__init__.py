"""Crosswalks: what a partner sent, in our words. ``map_record`` is the one door: every record gets an Outcome."""

from indexer.crosswalks.mapping import map_record

__all__ = ["map_record"]
