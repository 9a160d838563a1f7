"""What the register kept apart is found at once when the register tells of its record."""

INFO = "work that waited at the register for its case counts as taken when the case is there"

SQL = """
CREATE INDEX outbox_held ON outbox (record_id) WHERE result = 'held:unknown_record';
"""
