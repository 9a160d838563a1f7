"""Where everything is walks an index in order, and sorts nothing in memory."""

INFO = "where everything is takes less memory and half the time"

SQL = """
CREATE INDEX outbox_of_record ON outbox (record_id, at);
"""
