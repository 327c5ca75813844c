"""Checks: what a library's server or file does, looked at before the library joins. Nothing is stored."""
