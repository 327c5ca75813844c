"""Presenters turn the catalogue's nouns into exactly what a template shows. Pure: no network, disk, clock or
environment; whatever they need (language, today's date, the partners) is handed to them."""
