"""A record's entries in the trail are found by a table that takes them in by the thousand."""

INFO = "a pull writes half the pages: the trail's index by record follows behind"

SQL = """
CREATE TABLE trail_of (
    record_id VARCHAR NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (record_id, n)
) WITHOUT ROWID;
INSERT INTO trail_of(record_id, n) SELECT record_id, n FROM trail ORDER BY record_id, n;
INSERT OR REPLACE INTO meta(key, value) SELECT 'story_up_to', coalesce(max(n), 0) FROM trail;
DROP INDEX trail_record;
"""
