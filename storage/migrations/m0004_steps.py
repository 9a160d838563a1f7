"""What can be taken back, and what the desk remembers between two days.

Both stay on this laptop: no op and no trail row tells of them.
"""

INFO = "steps to take back, and the desk's memory"

SQL = """
CREATE TABLE desk (
    "key" VARCHAR NOT NULL, text VARCHAR NOT NULL, PRIMARY KEY ("key")
);
CREATE TABLE step (
    n INTEGER NOT NULL, at VARCHAR NOT NULL, by_id VARCHAR NOT NULL, name VARCHAR NOT NULL,
    enterprise_id VARCHAR NOT NULL, trail VARCHAR NOT NULL, fixed VARCHAR NOT NULL,
    undone INTEGER NOT NULL, PRIMARY KEY (n)
);
CREATE INDEX step_enterprise ON step (enterprise_id, n);
"""
