"""Market gaps and signposts; how near to home the hours of a return are.

A step that was taken is never edited: the next change is another file.
"""

INFO = "Gaps in support, who was shown what, and hours close to home."

SQL = """
CREATE TABLE market_gap (
    id VARCHAR NOT NULL, ver VARCHAR NOT NULL, deleted BOOLEAN NOT NULL, extra VARCHAR NOT NULL,
    opened_on DATE NOT NULL, district VARCHAR NOT NULL, place VARCHAR NOT NULL,
    service_type VARCHAR NOT NULL, target_group VARCHAR NOT NULL, times VARCHAR NOT NULL,
    heard_from VARCHAR NOT NULL, asked INTEGER, words VARCHAR NOT NULL,
    matched_id VARCHAR NOT NULL, matched_on DATE, closed_on DATE, closed_why VARCHAR NOT NULL,
    by_id VARCHAR NOT NULL, PRIMARY KEY (id),
    CONSTRAINT asked_from_zero CHECK (asked >= 0)
);
CREATE INDEX ix_market_gap_district ON market_gap (district);
CREATE TABLE signpost (
    id VARCHAR NOT NULL, ver VARCHAR NOT NULL, deleted BOOLEAN NOT NULL, extra VARCHAR NOT NULL,
    "on" DATE NOT NULL, district VARCHAR NOT NULL, service_type VARCHAR NOT NULL,
    shown VARCHAR NOT NULL, came_by VARCHAR NOT NULL, outcome VARCHAR NOT NULL, outcome_on DATE,
    gap_id VARCHAR NOT NULL, by_id VARCHAR NOT NULL, PRIMARY KEY (id)
);
ALTER TABLE activity_return ADD COLUMN local_hours_week VARCHAR;
ALTER TABLE activity_return ADD COLUMN on_foot_hours_week VARCHAR;
"""
