"""An erasure is asked for by one person and agreed to by another."""

INFO = "who asked for an erasure, until a second person agrees"

SQL = """
ALTER TABLE enquiry ADD COLUMN erasure_asked_by_id VARCHAR DEFAULT '' NOT NULL;
ALTER TABLE enquiry ADD COLUMN erasure_asked_on DATE;
ALTER TABLE enterprise ADD COLUMN erasure_asked_by_id VARCHAR DEFAULT '' NOT NULL;
ALTER TABLE enterprise ADD COLUMN erasure_asked_on DATE;
"""
