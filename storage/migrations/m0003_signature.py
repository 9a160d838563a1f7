"""Signatures: words that somebody put their name to, in a table of their own.

Adds; changes nothing that is there.
"""

INFO = "signatures"

SQL = """
CREATE TABLE signature (
    id VARCHAR NOT NULL, ver VARCHAR NOT NULL, deleted BOOLEAN NOT NULL, extra VARCHAR NOT NULL,
    enterprise_id VARCHAR NOT NULL, about VARCHAR NOT NULL, about_id VARCHAR NOT NULL,
    wording VARCHAR NOT NULL, wording_sha256 VARCHAR NOT NULL, name VARCHAR NOT NULL,
    way VARCHAR NOT NULL, strokes VARCHAR NOT NULL, signed_at DATETIME,
    device VARCHAR NOT NULL, witness_id VARCHAR NOT NULL, PRIMARY KEY (id)
);
CREATE INDEX ix_signature_enterprise_id ON signature (enterprise_id);
"""
