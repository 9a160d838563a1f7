"""Through which records the bytes of a file came, or were shown to be known: see `files`.

Files that are whole came under an older rule: every record that names one goes on doing so.
"""

STATEMENTS = (
    """CREATE TABLE blob_shown (
        sha256 TEXT NOT NULL, record_id TEXT NOT NULL, held BIGINT NOT NULL, good INTEGER NOT NULL,
        PRIMARY KEY (sha256, record_id))""",
)
_KEPT = """INSERT INTO blob_shown (sha256, record_id, held, good)
    SELECT blob.sha256, record.id, blob.size, 1 FROM record JOIN blob
        ON blob.complete = 1 AND blob.sha256 = {name}
    WHERE record.kind = 'attachment' AND record.deleted = 0 ON CONFLICT DO NOTHING"""
_NAMES = ("sha256", "small_sha256")
FILLS = {
    "sqlite": [_KEPT.format(name=f"json_extract(record.body, '$.{n}')") for n in _NAMES],
    "postgresql": [_KEPT.format(name=f"CAST(record.body AS json) ->> '{n}'") for n in _NAMES],
}
