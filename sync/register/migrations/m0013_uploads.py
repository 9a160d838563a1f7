"""Each laptop's own parts of a file on its way, and who is counted for a file that is here.

`blob` holds whole files alone from here on, and `parts` says under which name their bytes lie.
What had come of a file was anybody's, so nobody goes on with it: whoever has the file begins anew.
Whom a file of before is counted for was kept as one sum for each person, and stays so.
"""

STATEMENTS = (
    """CREATE TABLE upload (
        id TEXT PRIMARY KEY, sha256 TEXT NOT NULL, record_id TEXT NOT NULL,
        device_id TEXT NOT NULL, person_id TEXT NOT NULL, size BIGINT NOT NULL,
        held BIGINT NOT NULL, at TEXT NOT NULL)""",
    "CREATE UNIQUE INDEX upload_of ON upload (sha256, record_id, device_id)",
    "CREATE INDEX upload_for ON upload (record_id)",
    "CREATE INDEX upload_by ON upload (person_id, held)",
    "ALTER TABLE blob ADD COLUMN parts TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE blob ADD COLUMN person_id TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX blob_by ON blob (person_id, size)",
    "CREATE INDEX blob_shown_by ON blob_shown (record_id)",
)
_FILL = (
    "DELETE FROM blob_part WHERE sha256 IN (SELECT sha256 FROM blob WHERE complete = 0)",
    "DELETE FROM blob WHERE complete = 0",
    """DELETE FROM blob_shown WHERE good = 0 OR NOT EXISTS (
        SELECT 1 FROM blob
        WHERE blob.sha256 = blob_shown.sha256 AND blob.size = blob_shown.held)""",
    "UPDATE blob SET parts = sha256 WHERE parts = ''",
)
FILLS = {"sqlite": _FILL, "postgresql": _FILL}
