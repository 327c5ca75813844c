"""The tables. How an older store becomes one with these tables: see ``upgrade``."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, Table, Text

metadata = MetaData()
Number = BigInteger().with_variant(Integer, "sqlite")

schema_state = Table(
    "schema_state", metadata, Column("id", Integer, primary_key=True), Column("number", Integer, nullable=False)
)

# The one row that every writer locks. All numbers are given out from here, so they become visible in order.
counter = Table(
    "counter",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("change", Number, nullable=False),
    Column("record", Number, nullable=False),
    Column("run", Number, nullable=False),
    Column("edition", Number, nullable=False),
)

feeds = Table(
    "feeds",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("partner_id", Text, nullable=False),
    Column("feed_id", Text, nullable=False),
    Index("feeds_by_name", "partner_id", "feed_id", unique=True),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("feed", Integer, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("full_run", Boolean, nullable=False),
    Column("checkpoint", LargeBinary),
    Column("promised", Number),
    *(
        Column(name, Number, nullable=False, default=0)
        for name in ("received", "stored", "unchanged", "deleted", "repeated", "rejected", "removed")
    ),
    Column("started", Text, nullable=False),
    Column("finished", Text, nullable=False, default=""),
    Column("message", Text, nullable=False, default=""),
    Column("not_before", Text, nullable=False, default=""),
    Index("runs_by_feed", "feed", "id"),
)

rejections = Table(
    "rejections",
    metadata,
    Column("run", Number, primary_key=True, autoincrement=False),
    Column("place", Number, primary_key=True, autoincrement=False),
    Column("position", Number, nullable=False),
    Column("source_id", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

# Slim on purpose: marking a record as seen rewrites this row, never the payload.
# `digest` is of (format, payload) with deleted=False: a tombstone keeps the digest of the payload it keeps.
records = Table(
    "records",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("change", Number, nullable=False),
    Column("feed", Integer, nullable=False),
    Column("source_id", Text, nullable=False),
    Column("sibling", Boolean, nullable=False),
    Column("format", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("datestamp", Text, nullable=False),
    Column("harvested_at", Text, nullable=False),
    Column("findings", Text, nullable=False),
    Column("seen_run", Number, nullable=False),
    Index("records_by_id", "feed", "source_id", unique=True),
    Index("records_by_change", "change", unique=True),
)

payloads = Table(
    "payloads",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("dictionary", Integer, nullable=False),
    Column("payload", LargeBinary, nullable=False),
)

# Records that lie under another id than the partner gave, because the partner gave that id more than once.
siblings = Table(
    "siblings",
    metadata,
    Column("feed", Integer, primary_key=True, autoincrement=False),
    Column("base_id", Text, primary_key=True),
    Column("number", Number, primary_key=True, autoincrement=False),
)

# How many payloads of a format were stored before training, and its dictionary: NULL till then, 0 where it failed.
formats = Table(
    "formats",
    metadata,
    Column("format", Text, primary_key=True),
    Column("stored", Number, nullable=False),
    Column("dictionary", Integer),
)

dictionaries = Table(
    "dictionaries",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("format", Text, nullable=False),
    Column("created", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

generations = Table(
    "generations",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False, unique=True),
    Column("change", Number, nullable=False),
    Column("created", Text, nullable=False),
    Column("promoted", Text, nullable=False),
)

fates = Table(
    "fates",
    metadata,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("outcome", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("match_key", LargeBinary),
    Column("edition", Number),
    sqlite_with_rowid=False,
)
Index(
    "fates_by_key",
    fates.c.generation,
    fates.c.match_key,
    sqlite_where=fates.c.match_key.is_not(None),
    postgresql_where=fates.c.match_key.is_not(None),
)

ledger = Table(
    "ledger",
    metadata,
    Column("serial", Number, primary_key=True, autoincrement=False),
    Column("founder", Number, nullable=False),
    Column("alias_of", Number),
    Column("tombstone", LargeBinary),
    Index("ledger_by_founder", "founder"),
)

# Under which terms a run works; a run of before has none. `staged`: what it makes appear or vanish waits for its end.
run_terms = Table(
    "run_terms",
    metadata,
    Column("run", Number, primary_key=True, autoincrement=False),
    Column("staged", Boolean, nullable=False),
    Column("sweep", Boolean, nullable=False),
    Column("fingerprint", Text, nullable=False),
)

# What a staged run wants: a record `appears`, is `deleted` by the partner's word, is `unseen` by a whole list, or
# `becomes` another work. A record that waits to appear lies in `records` as a tombstone with its payload; what one is
# to become lies in `staged_contents`.
staged_changes = Table(
    "staged_changes",
    metadata,
    Column("run", Number, primary_key=True, autoincrement=False),
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
)

# Runs that wait, or waited, for a person. `ending` is the verdict that the run has earned otherwise.
holds = Table(
    "holds",
    metadata,
    Column("run", Number, primary_key=True, autoincrement=False),
    Column("ending", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("live", Number, nullable=False),
    Column("appearing", Number, nullable=False),
    Column("vanishing", Number, nullable=False),
    Column("created", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("decided", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
)

# Decisions to hide. They name records as partners do, not by number: they outlive a record that goes and comes back.
hidings = Table(
    "hidings",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("lifted", Text, nullable=False),
    Column("lifted_by", Text, nullable=False),
)

hidden_records = Table(
    "hidden_records",
    metadata,
    Column("hiding", Integer, primary_key=True, autoincrement=False),
    Column("partner_id", Text, primary_key=True),
    Column("feed_id", Text, primary_key=True),
    Column("source_id", Text, primary_key=True),
)

# Of a hidden edition: its id, and the keys under which further records would come to lie in it.
hidden_editions = Table(
    "hidden_editions",
    metadata,
    Column("hiding", Integer, primary_key=True, autoincrement=False),
    Column("edition", Number, primary_key=True, autoincrement=False),
    Column("match_key", LargeBinary, primary_key=True),
)

# Doubts about live records, as each generation's crosswalks saw them; of each record a bounded number.
findings = Table(
    "findings",
    metadata,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("rule", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("found", Text, nullable=False),
    Column("done", Text, nullable=False),
    sqlite_with_rowid=False,
)

# Which title bears which ISBN: what tells that one number stands on two works. `title` is a digest of its key.
isbn_titles = Table(
    "isbn_titles",
    metadata,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("isbn", Number, primary_key=True, autoincrement=False),
    Column("title", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# Generations that were filled by a program that keeps findings: of the others nothing is known, which is not "none".
generations_with_findings = Table(
    "generations_with_findings",
    metadata,
    Column("generation", Integer, primary_key=True, autoincrement=False),
)

# How a partner's records stood at the end of a day, for the trend of its report.
quality_days = Table(
    "quality_days",
    metadata,
    Column("partner_id", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("records", Number, nullable=False),
    Column("clean", Number, nullable=False),
)

# With which tables of names each generation was begun: another digest, and it is built anew.
generation_tables = Table(
    "generation_tables",
    metadata,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("digest", Text, nullable=False),
)

# What a run's `message` and a hold's `reason` say, as a template and its facts in JSON; of before there are only the
# sentences.
run_messages = Table(
    "run_messages",
    metadata,
    Column("run", Number, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("content", Text, nullable=False),
)

# What records are to become that a staged run turns into other works. The columns are those of `records`, `payloads`.
staged_contents = Table(
    "staged_contents",
    metadata,
    Column("run", Number, primary_key=True, autoincrement=False),
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("format", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("datestamp", Text, nullable=False),
    Column("harvested_at", Text, nullable=False),
    Column("findings", Text, nullable=False),
    Column("dictionary", Integer, nullable=False),
    Column("payload", LargeBinary, nullable=False),
)
