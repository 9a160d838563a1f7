"""Unsent ops in the order of writing: numbers of incarnations are drawn, no longer counted."""

INFO = "unsent changes are sent in the order they were written"

SQL = """
DROP INDEX outbox_unsent;
CREATE INDEX outbox_unsent ON outbox (hlc, inc, seq) WHERE acked_at IS NULL;
"""
