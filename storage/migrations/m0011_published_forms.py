"""Forms that a project lead published, as records that travel.

A step that was taken is never edited: the next change is another file.
"""

INFO = "forms that were published reach every laptop of the programme"

SQL = """
CREATE TABLE published_form (
    id VARCHAR NOT NULL, ver VARCHAR NOT NULL, deleted BOOLEAN NOT NULL, extra VARCHAR NOT NULL,
    form_id VARCHAR NOT NULL, version VARCHAR NOT NULL, xform VARCHAR NOT NULL,
    fingerprint VARCHAR NOT NULL, title VARCHAR NOT NULL, state VARCHAR NOT NULL,
    compiler VARCHAR NOT NULL, published_at DATETIME, by_id VARCHAR NOT NULL, PRIMARY KEY (id)
);
CREATE INDEX ix_published_form_form_id ON published_form (form_id);
"""
