"""Liên Thư: the federated catalogue. This package holds the nouns, the store, the engines and the command line."""

__version__ = "0.1.0"
