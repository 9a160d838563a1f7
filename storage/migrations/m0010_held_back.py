"""Records that would all leave at once: they stay until a person has looked."""

INFO = "many records do not leave this laptop at once without a person's yes"

SQL = """
CREATE TABLE held_back (
    record_id VARCHAR NOT NULL, at VARCHAR NOT NULL, PRIMARY KEY (record_id)
);
"""
