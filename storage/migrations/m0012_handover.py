"""Offers of a case to another coach."""

INFO = "Cases that are offered to another coach."

SQL = """
CREATE TABLE handover (
    id VARCHAR NOT NULL, ver VARCHAR NOT NULL, deleted BOOLEAN NOT NULL, extra VARCHAR NOT NULL,
    case_id VARCHAR NOT NULL, from_coach_id VARCHAR NOT NULL, to_coach_id VARCHAR NOT NULL,
    district VARCHAR NOT NULL, strand VARCHAR NOT NULL, offered_on DATE,
    offered_by_id VARCHAR NOT NULL, state VARCHAR NOT NULL, answered_on DATE, PRIMARY KEY (id)
);
CREATE INDEX ix_handover_case_id ON handover (case_id);
"""
