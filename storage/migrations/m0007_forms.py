"""Forms in the vault: definitions that never change, sheets and answers as they are given, dates.

`form_sheet` and `form_answer` are of this laptop; the record `form_response` is what travels.
"""

INFO = "form definitions, answers one by one, and the days on which evidence runs out"

SQL = """
CREATE TABLE form_definition (
    form_id VARCHAR NOT NULL, version VARCHAR NOT NULL, title VARCHAR NOT NULL,
    state VARCHAR NOT NULL, xform VARCHAR NOT NULL, fingerprint VARCHAR NOT NULL,
    source BLOB NOT NULL, source_name VARCHAR NOT NULL, compiler VARCHAR NOT NULL,
    kept_at VARCHAR NOT NULL, published_at VARCHAR, by_id VARCHAR NOT NULL,
    PRIMARY KEY (form_id, version),
    CONSTRAINT state_known CHECK (state IN ('shipped', 'published', 'retired'))
);
CREATE TRIGGER form_definition_stays BEFORE UPDATE OF
    form_id, version, title, xform, fingerprint, source, source_name, compiler, kept_at,
    published_at, by_id ON form_definition BEGIN
    SELECT RAISE(ABORT, 'a form never changes once it is kept');
END;
CREATE TRIGGER form_definition_kept BEFORE DELETE ON form_definition BEGIN
    SELECT RAISE(ABORT, 'a form is kept for ever');
END;
CREATE TABLE form_sheet (
    response_id VARCHAR NOT NULL, enterprise_id VARCHAR NOT NULL, instance_xml VARCHAR NOT NULL,
    saved_at VARCHAR NOT NULL, by_id VARCHAR NOT NULL, PRIMARY KEY (response_id)
);
CREATE TABLE form_answer (
    n INTEGER NOT NULL, response_id VARCHAR NOT NULL, enterprise_id VARCHAR NOT NULL,
    at VARCHAR NOT NULL, by_id VARCHAR NOT NULL, ref VARCHAR NOT NULL, "before" VARCHAR NOT NULL,
    "after" VARCHAR NOT NULL, PRIMARY KEY (n)
);
CREATE INDEX ix_form_answer_response_id ON form_answer (response_id);
CREATE TABLE form_expiry (
    response_id VARCHAR NOT NULL, code VARCHAR NOT NULL, enterprise_id VARCHAR NOT NULL,
    label VARCHAR NOT NULL, expires_on VARCHAR NOT NULL, warn_on VARCHAR NOT NULL,
    PRIMARY KEY (response_id, code)
);
CREATE INDEX form_expiry_due ON form_expiry (warn_on);
CREATE INDEX checklist_item_ends ON checklist_item (expires_on)
    WHERE expires_on IS NOT NULL AND deleted = 0;
CREATE INDEX checklist_item_renews ON checklist_item (code, evidence_on)
    WHERE expires_on IS NULL AND evidence_on IS NOT NULL AND deleted = 0;
ALTER TABLE form_response ADD COLUMN reason VARCHAR DEFAULT '' NOT NULL;
"""
