"""What the register did not take is found by an index, not by reading all that was ever written."""

INFO = "edits that the register refused or holds are found at once"

SQL = """
CREATE INDEX outbox_amiss ON outbox (hlc, inc, seq) WHERE acked_at IS NOT NULL
    AND (result LIKE 'refused%' OR result LIKE 'partly%' OR result LIKE 'held%');
"""
