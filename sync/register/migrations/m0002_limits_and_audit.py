"""How often and how much somebody may ask, and the audit log with its Merkle tree."""

STATEMENTS = (
    "CREATE TABLE rate (bucket TEXT PRIMARY KEY, n BIGINT NOT NULL, until TEXT NOT NULL)",
    "CREATE INDEX rate_until ON rate (until)",
    "CREATE TABLE quota (person_id TEXT PRIMARY KEY, bytes BIGINT NOT NULL)",
    "CREATE TABLE audit (n BIGINT PRIMARY KEY, entry TEXT NOT NULL, leaf {blob} NOT NULL)",
    """CREATE TABLE audit_node (
        level BIGINT NOT NULL, place BIGINT NOT NULL, hash {blob} NOT NULL,
        PRIMARY KEY (level, place))""",
    "CREATE TABLE audit_head (id INTEGER PRIMARY KEY, n BIGINT NOT NULL, last TEXT NOT NULL)",
    "INSERT INTO audit_head (id, n, last) VALUES (1, 0, '')",
)
