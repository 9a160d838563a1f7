"""A receipt of many ops that were taken as they were written is one row until they are marked."""

INFO = "a push writes a fifth of the pages: its ops are marked after it"

SQL = """
CREATE TABLE taken_run (
    inc INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    ahead INTEGER NOT NULL, at VARCHAR NOT NULL, PRIMARY KEY (inc, first)
);
"""
