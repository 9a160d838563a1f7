"""What a laptop last said that it had not sent: how much, since which day, and when it said so."""

STATEMENTS = (
    """CREATE TABLE device_waiting (
        device_id TEXT PRIMARY KEY, count BIGINT NOT NULL, since TEXT NOT NULL,
        at TEXT NOT NULL)""",
)
