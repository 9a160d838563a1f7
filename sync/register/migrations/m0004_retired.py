"""Devices closed as retired: they may still send what they had not sent, into quarantine."""

STATEMENTS = (
    "CREATE TABLE retired_device (device_id TEXT PRIMARY KEY, at TEXT NOT NULL)",
    "CREATE INDEX op_quarantine ON op (feed_seq) WHERE later = 'quarantine'",
)
