"""People and their devices, records, the log of ops, decisions, files, the public directory."""

STATEMENTS = (
    "CREATE TABLE meta (k TEXT PRIMARY KEY, v TEXT NOT NULL)",
    "CREATE TABLE feed (id INTEGER PRIMARY KEY, n BIGINT NOT NULL, chain TEXT NOT NULL)",
    "INSERT INTO feed (id, n, chain) VALUES (1, 0, 'genesis')",
    """CREATE TABLE person (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL,
        active INTEGER NOT NULL, added_at TEXT NOT NULL)""",
    """CREATE TABLE code (
        locator TEXT PRIMARY KEY, secret {blob} NOT NULL, person_id TEXT NOT NULL,
        expires_at TEXT NOT NULL, tries INTEGER NOT NULL, used_at TEXT NOT NULL)""",
    """CREATE TABLE device (
        id TEXT PRIMARY KEY, person_id TEXT NOT NULL, public_key {blob} NOT NULL,
        label TEXT NOT NULL, enrolled_at TEXT NOT NULL, revoked_at TEXT NOT NULL,
        seen_at TEXT NOT NULL)""",
    """CREATE TABLE incarnation (
        inc BIGINT PRIMARY KEY, device_id TEXT NOT NULL, person_id TEXT NOT NULL,
        last BIGINT NOT NULL)""",
    "INSERT INTO incarnation (inc, device_id, person_id, last) VALUES (0, '', '', 0)",
    "CREATE INDEX incarnation_person ON incarnation (person_id)",
    """CREATE TABLE record (
        id TEXT PRIMARY KEY, kind TEXT NOT NULL, enterprise_id TEXT NOT NULL,
        owner_id TEXT NOT NULL, body TEXT NOT NULL, versions TEXT NOT NULL,
        heads TEXT NOT NULL, born TEXT NOT NULL, deleted INTEGER NOT NULL,
        clashes INTEGER NOT NULL, last_actor_id TEXT NOT NULL, last_at TEXT NOT NULL)""",
    "CREATE INDEX record_kind ON record (kind, enterprise_id)",
    "CREATE INDEX record_enterprise ON record (enterprise_id)",
    "CREATE INDEX record_owner ON record (owner_id)",
    "CREATE INDEX record_clash ON record (id) WHERE clashes > 0",
    """CREATE TABLE op (
        feed_seq BIGINT PRIMARY KEY, inc BIGINT NOT NULL, seq BIGINT NOT NULL,
        hlc BIGINT NOT NULL, received_at TEXT NOT NULL, actor_id TEXT NOT NULL,
        verb TEXT NOT NULL, kind TEXT NOT NULL, record_id TEXT NOT NULL,
        names TEXT NOT NULL, hash TEXT NOT NULL, body TEXT NOT NULL,
        result TEXT NOT NULL, words TEXT NOT NULL, later TEXT NOT NULL, chain TEXT NOT NULL,
        UNIQUE (inc, seq))""",
    "CREATE INDEX op_record ON op (record_id, feed_seq)",
    "CREATE INDEX op_held ON op (record_id) WHERE later = 'held'",
    """CREATE TABLE dangling (
        record_id TEXT NOT NULL, field TEXT NOT NULL, dot TEXT NOT NULL,
        PRIMARY KEY (record_id, field, dot))""",
    """CREATE TABLE scope_log (
        feed_seq BIGINT NOT NULL, enterprise_id TEXT NOT NULL, audience TEXT NOT NULL,
        way TEXT NOT NULL, PRIMARY KEY (audience, feed_seq, enterprise_id, way))""",
    """CREATE TABLE decision (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, subject_id TEXT NOT NULL,
        asked_by_id TEXT NOT NULL, asked_at TEXT NOT NULL, payload TEXT NOT NULL,
        state TEXT NOT NULL, codes TEXT NOT NULL, words TEXT NOT NULL,
        answered_at TEXT NOT NULL, feed_seq BIGINT NOT NULL)""",
    "CREATE INDEX decision_subject ON decision (subject_id)",
    """CREATE TABLE blob (
        sha256 TEXT PRIMARY KEY, size BIGINT NOT NULL, held BIGINT NOT NULL,
        complete INTEGER NOT NULL)""",
    """CREATE TABLE blob_part (
        sha256 TEXT NOT NULL, start BIGINT NOT NULL, bytes {blob} NOT NULL,
        PRIMARY KEY (sha256, start))""",
    """CREATE TABLE directory (
        entry_id TEXT PRIMARY KEY, enterprise_id TEXT NOT NULL, fields TEXT NOT NULL,
        published_on TEXT NOT NULL)""",
)
