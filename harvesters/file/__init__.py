"""Files that a partner drops into a folder: ISO 2709, MARCXML and oai_dc, each also gzipped."""
