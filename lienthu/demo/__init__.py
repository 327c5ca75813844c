"""The demo library: sample records at three sample partners that overlap, and the two small servers that share them.

Descriptions lie in ``library/*.toml``, written by hand from bibliographic facts. One description is rendered to
MARCXML, ISO 2709 or a web page, with the troubles that real catalogues have. Demo, tests and docs use the same library.
"""
