"""How large a record and its identifier may be; what is larger is rejected by name."""

LARGEST_RECORD = 1024 * 1024
LONGEST_ID = 2000
