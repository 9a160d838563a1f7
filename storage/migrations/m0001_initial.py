"""The first vault: every kind of record, the books, and the word indexes.

Written out, not made from the table classes: a migration never changes after its release.
"""

INFO = "first vault"

SQL = """
CREATE TABLE action (
    id VARCHAR NOT NULL, ver VARCHAR NOT NULL, deleted BOOLEAN NOT NULL, extra VARCHAR NOT NULL,
    enterprise_id VARCHAR NOT NULL, text VARCHAR NOT NULL, owner VARCHAR NOT NULL,
    waiting_on VARCHAR NOT NULL, start_on DATE, due_on DATE, done_on DATE,
    by_id VARCHAR NOT NULL, PRIMARY KEY (id)
);
CREATE INDEX action_open ON action (owner, due_on) WHERE done_on IS NULL AND deleted = 0;
CREATE INDEX ix_action_enterprise_id ON action (enterprise_id);
CREATE TABLE activity_return (
    id VARCHAR NOT NULL, ver VARCHAR NOT NULL, deleted BOOLEAN NOT NULL, extra VARCHAR NOT NULL,
    enterprise_id VARCHAR NOT NULL, period_from DATE NOT NULL, period_to DATE NOT NULL,
    received_on DATE, hours_week VARCHAR, comparable_hours_week VARCHAR, dp_hours_week VARCHAR,
    dp_comparable_hours_week VARCHAR, people INTEGER, people_self_funding INTEGER,
    price_pence INTEGER, employees INTEGER, paid_people INTEGER, paid_hours_week VARCHAR,
    source VARCHAR NOT NULL, PRIMARY KEY (id),
    CONSTRAINT hours_week_from_zero CHECK (CAST(hours_week AS NUMERIC) >= 0),
    CONSTRAINT comparable_hours_week_from_zero CHECK (CAST(comparable_hours_week AS NUMERIC) >= 0),
    CONSTRAINT dp_hours_week_from_zero CHECK (CAST(dp_hours_week AS NUMERIC) >= 0),
    CONSTRAINT dp_comparable_hours_week_from_zero
        CHECK (CAST(dp_comparable_hours_week AS NUMERIC) >= 0),
    CONSTRAINT people_from_zero CHECK (people >= 0),
    CONSTRAINT people_self_funding_from_zero CHECK (people_self_funding >= 0),
    CONSTRAINT price_pence_from_zero CHECK (price_pence >= 0),
    CONSTRAINT employees_from_zero CHECK (employees >= 0),
    CONSTRAINT paid_people_from_zero CHECK (paid_people >= 0),
    CONSTRAINT paid_hours_week_from_zero CHECK (CAST(paid_hours_week AS NUMERIC) >= 0)
);
CREATE INDEX ix_activity_return_enterprise_id ON activity_return (enterprise_id);
CREATE TABLE attachment (
    id VARCHAR NOT NULL, ver VARCHAR NOT NULL, deleted BOOLEAN NOT NULL, extra VARCHAR NOT NULL,
    enterprise_id VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, size INTEGER NOT NULL,
    mime VARCHAR NOT NULL, name VARCHAR NOT NULL, caption VARCHAR NOT NULL,
    given_by VARCHAR NOT NULL, added_on DATE, scan_status VARCHAR NOT NULL, PRIMARY KEY (id),
    CONSTRAINT size_from_zero CHECK (size >= 0)
);
CREATE INDEX ix_attachment_enterprise_id ON attachment (enterprise_id);
CREATE TABLE attic (
    kind VARCHAR NOT NULL, record_id VARCHAR NOT NULL, body VARCHAR NOT NULL,
    left_at VARCHAR NOT NULL, PRIMARY KEY (kind, record_id)
);
CREATE TABLE caseload (
    n INTEGER NOT NULL, enterprise_id VARCHAR NOT NULL, name VARCHAR NOT NULL,
    leader VARCHAR NOT NULL, place VARCHAR NOT NULL, district VARCHAR NOT NULL,
    entity_form VARCHAR NOT NULL, stage VARCHAR NOT NULL, done INTEGER NOT NULL,
    "of" INTEGER NOT NULL, next_action VARCHAR NOT NULL, next_due VARCHAR NOT NULL,
    waiting_on VARCHAR NOT NULL, last_contact VARCHAR NOT NULL, words VARCHAR NOT NULL,
    PRIMARY KEY (n), UNIQUE (enterprise_id)
);
CREATE TABLE checklist_item (
    id VARCHAR NOT NULL, ver VARCHAR NOT NULL, deleted BOOLEAN NOT NULL, extra VARCHAR NOT NULL,
    enterprise_id VARCHAR NOT NULL, code VARCHAR NOT NULL, state VARCHAR NOT NULL,
    reason VARCHAR NOT NULL, approver_id VARCHAR NOT NULL, said_by VARCHAR NOT NULL,
    evidence_ref VARCHAR NOT NULL, evidence_on DATE, expires_on DATE, files VARCHAR NOT NULL,
    checked_by_id VARCHAR NOT NULL, checked_on DATE, note VARCHAR NOT NULL, PRIMARY KEY (id)
);
CREATE INDEX ix_checklist_item_enterprise_id ON checklist_item (enterprise_id);
CREATE TABLE claim_event (
    id VARCHAR NOT NULL, ver VARCHAR NOT NULL, deleted BOOLEAN NOT NULL, extra VARCHAR NOT NULL,
    claim_id VARCHAR NOT NULL, enterprise_id VARCHAR NOT NULL, from_state VARCHAR NOT NULL,
    to_state VARCHAR NOT NULL, by_id VARCHAR NOT NULL, "on" DATE, line_id VARCHAR NOT NULL,
    code VARCHAR NOT NULL, note VARCHAR NOT NULL, reference VARCHAR NOT NULL, PRIMARY KEY (id)
);
CREATE INDEX ix_claim_event_claim_id ON claim_event (claim_id);
CREATE INDEX ix_claim_event_enterprise_id ON claim_event (enterprise_id);
CREATE TABLE claim_line (
    id VARCHAR NOT NULL, ver VARCHAR NOT NULL, deleted BOOLEAN NOT NULL, extra VARCHAR NOT NULL,
    claim_id VARCHAR NOT NULL, enterprise_id VARCHAR NOT NULL, what VARCHAR NOT NULL,
    category VARCHAR NOT NULL, cost_kind VARCHAR NOT NULL, pence INTEGER NOT NULL, cost_on DATE,
    supplier VARCHAR NOT NULL, invoice_no VARCHAR NOT NULL, months INTEGER,
    quotes INTEGER NOT NULL, already_funded_by VARCHAR NOT NULL, justification VARCHAR NOT NULL,
    files VARCHAR NOT NULL, outcome VARCHAR NOT NULL, code VARCHAR NOT NULL, paid_on DATE,
    payment_reference VARCHAR NOT NULL, evidenced_on DATE, PRIMARY KEY (id),
    CONSTRAINT pence_from_zero CHECK (pence >= 0),
    CONSTRAINT months_from_zero CHECK (months >= 0),
    CONSTRAINT quotes_from_zero CHECK (quotes >= 0)
);
CREATE INDEX ix_claim_line_claim_id ON claim_line (claim_id);
CREATE INDEX ix_claim_line_enterprise_id ON claim_line (enterprise_id);
CREATE TABLE clash (
    id VARCHAR NOT NULL, kind VARCHAR NOT NULL, record_id VARCHAR NOT NULL,
    field VARCHAR NOT NULL, "before" VARCHAR NOT NULL, heads VARCHAR NOT NULL,
    in_use VARCHAR NOT NULL, opened_at VARCHAR NOT NULL, settled_at VARCHAR,
    settled_by_id VARCHAR NOT NULL, note VARCHAR NOT NULL, PRIMARY KEY (id)
);
CREATE INDEX clash_open ON clash (record_id, field) WHERE settled_at IS NULL;
CREATE INDEX ix_clash_record_id ON clash (record_id);
CREATE TABLE colleague (
    id VARCHAR NOT NULL, ver VARCHAR NOT NULL, deleted BOOLEAN NOT NULL, extra VARCHAR NOT NULL,
    name VARCHAR NOT NULL, role VARCHAR NOT NULL, active BOOLEAN NOT NULL, PRIMARY KEY (id)
);
CREATE TABLE concern (
    id VARCHAR NOT NULL, ver VARCHAR NOT NULL, deleted BOOLEAN NOT NULL, extra VARCHAR NOT NULL,
    enterprise_id VARCHAR NOT NULL, kind VARCHAR NOT NULL, raised_on DATE,
    told_whom VARCHAR NOT NULL, reference VARCHAR NOT NULL, immediate_action VARCHAR NOT NULL,
    closed_on DATE, by_id VARCHAR NOT NULL, PRIMARY KEY (id)
);
CREATE INDEX ix_concern_enterprise_id ON concern (enterprise_id);
CREATE TABLE consent (
    id VARCHAR NOT NULL, ver VARCHAR NOT NULL, deleted BOOLEAN NOT NULL, extra VARCHAR NOT NULL,
    enterprise_id VARCHAR NOT NULL, purpose VARCHAR NOT NULL, wording_version VARCHAR NOT NULL,
    given_by VARCHAR NOT NULL, given_on DATE, channel VARCHAR NOT NULL, withdrawn_on DATE,
    PRIMARY KEY (id)
);
CREATE INDEX ix_consent_enterprise_id ON consent (enterprise_id);
CREATE TABLE decision_request (
    id VARCHAR NOT NULL, ver VARCHAR NOT NULL, deleted BOOLEAN NOT NULL, extra VARCHAR NOT NULL,
    name VARCHAR NOT NULL, subject_id VARCHAR NOT NULL, asked_by_id VARCHAR NOT NULL,
    asked_at DATETIME NOT NULL, payload VARCHAR NOT NULL, state VARCHAR NOT NULL,
    answered_at DATETIME, codes VARCHAR NOT NULL, words VARCHAR NOT NULL, PRIMARY KEY (id),
    CONSTRAINT state_known CHECK (state IN ('waiting', 'granted', 'refused'))
);
CREATE INDEX ix_decision_request_state ON decision_request (state);
CREATE INDEX ix_decision_request_subject_id ON decision_request (subject_id);
CREATE TABLE dpia (
    id VARCHAR NOT NULL, ver VARCHAR NOT NULL, deleted BOOLEAN NOT NULL, extra VARCHAR NOT NULL,
    version VARCHAR NOT NULL, dpo_comments VARCHAR NOT NULL, signed_by VARCHAR NOT NULL,
    signed_on DATE, review_on DATE, PRIMARY KEY (id)
);
CREATE TABLE draft (
    "key" VARCHAR NOT NULL, text VARCHAR NOT NULL, at VARCHAR NOT NULL, PRIMARY KEY ("key")
);
CREATE TABLE enquiry (
    id VARCHAR NOT NULL, ver VARCHAR NOT NULL, deleted BOOLEAN NOT NULL, extra VARCHAR NOT NULL,
    created_on DATE NOT NULL, coach_id VARCHAR NOT NULL, channel VARCHAR NOT NULL,
    heard_via VARCHAR NOT NULL, district VARCHAR NOT NULL, name VARCHAR NOT NULL,
    phone VARCHAR NOT NULL, email VARCHAR NOT NULL, idea VARCHAR NOT NULL,
    language_needs VARCHAR NOT NULL, access_needs VARCHAR NOT NULL, privacy_notice_on DATE,
    enterprise_id VARCHAR NOT NULL, closed_on DATE, closed_reason VARCHAR NOT NULL,
    anonymised_on DATE, PRIMARY KEY (id)
);
CREATE INDEX ix_enquiry_enterprise_id ON enquiry (enterprise_id);
CREATE TABLE enterprise (
    id VARCHAR NOT NULL, ver VARCHAR NOT NULL, deleted BOOLEAN NOT NULL, extra VARCHAR NOT NULL,
    name VARCHAR NOT NULL, coach_id VARCHAR NOT NULL, enquiry_id VARCHAR NOT NULL,
    district VARCHAR NOT NULL, place VARCHAR NOT NULL, strand VARCHAR NOT NULL,
    origin VARCHAR NOT NULL, is_pa BOOLEAN NOT NULL, entity_form VARCHAR NOT NULL,
    employee_count INTEGER, service_types VARCHAR NOT NULL, target_groups VARCHAR NOT NULL,
    established_on DATE, first_delivery_on DATE, comparable_to_homecare BOOLEAN NOT NULL,
    price_pence INTEGER, phone VARCHAR NOT NULL, email VARCHAR NOT NULL,
    access_needs VARCHAR NOT NULL, facts VARCHAR NOT NULL, suspended_on DATE,
    anonymised_on DATE, PRIMARY KEY (id),
    CONSTRAINT employee_count_from_zero CHECK (employee_count >= 0),
    CONSTRAINT price_pence_from_zero CHECK (price_pence >= 0)
);
CREATE INDEX ix_enterprise_enquiry_id ON enterprise (enquiry_id);
CREATE TABLE entity_decision (
    id VARCHAR NOT NULL, ver VARCHAR NOT NULL, deleted BOOLEAN NOT NULL, extra VARCHAR NOT NULL,
    enterprise_id VARCHAR NOT NULL, decided_on DATE NOT NULL, answers VARCHAR NOT NULL,
    ruleset_version VARCHAR NOT NULL, ranked VARCHAR NOT NULL, chosen VARCHAR NOT NULL,
    chosen_why VARCHAR NOT NULL, advised_to_seek VARCHAR NOT NULL,
    information_not_advice BOOLEAN NOT NULL, by_id VARCHAR NOT NULL, PRIMARY KEY (id)
);
CREATE INDEX ix_entity_decision_enterprise_id ON entity_decision (enterprise_id);
CREATE TABLE find (
    n INTEGER NOT NULL, kind VARCHAR NOT NULL, record_id VARCHAR NOT NULL,
    enterprise_id VARCHAR NOT NULL, title VARCHAR NOT NULL, words VARCHAR NOT NULL,
    PRIMARY KEY (n), UNIQUE (record_id)
);
CREATE TABLE form_response (
    id VARCHAR NOT NULL, ver VARCHAR NOT NULL, deleted BOOLEAN NOT NULL, extra VARCHAR NOT NULL,
    form_id VARCHAR NOT NULL, form_version VARCHAR NOT NULL, enterprise_id VARCHAR NOT NULL,
    state VARCHAR NOT NULL, supersedes VARCHAR NOT NULL, instance_xml VARCHAR NOT NULL,
    opened_at DATETIME, finalised_at DATETIME, by_id VARCHAR NOT NULL, PRIMARY KEY (id)
);
CREATE INDEX ix_form_response_enterprise_id ON form_response (enterprise_id);
CREATE TABLE leader (
    id VARCHAR NOT NULL, ver VARCHAR NOT NULL, deleted BOOLEAN NOT NULL, extra VARCHAR NOT NULL,
    enterprise_id VARCHAR NOT NULL, name VARCHAR NOT NULL, phone VARCHAR NOT NULL,
    email VARCHAR NOT NULL, self_employment_permission VARCHAR NOT NULL,
    private_note VARCHAR NOT NULL, PRIMARY KEY (id)
);
CREATE INDEX ix_leader_enterprise_id ON leader (enterprise_id);
CREATE TABLE leaving (
    record_id VARCHAR NOT NULL, PRIMARY KEY (record_id)
);
CREATE TABLE meta (
    "key" VARCHAR NOT NULL, value VARCHAR NOT NULL, PRIMARY KEY ("key")
);
CREATE TABLE outbox (
    inc INTEGER NOT NULL, seq INTEGER NOT NULL, hlc INTEGER NOT NULL, at VARCHAR NOT NULL,
    actor_id VARCHAR NOT NULL, verb VARCHAR NOT NULL, kind VARCHAR NOT NULL,
    record_id VARCHAR NOT NULL, fields VARCHAR NOT NULL, base VARCHAR NOT NULL,
    was VARCHAR NOT NULL, note VARCHAR NOT NULL, schema_no INTEGER NOT NULL, acked_at VARCHAR,
    feed_seq INTEGER, result VARCHAR NOT NULL, words VARCHAR NOT NULL, PRIMARY KEY (inc, seq),
    CONSTRAINT verb_known CHECK (verb IN ('new', 'set', 'delete', 'settle')),
    CONSTRAINT seq_from_one CHECK (seq > 0)
);
CREATE INDEX outbox_unsent ON outbox (inc, seq) WHERE acked_at IS NULL;
CREATE INDEX outbox_unsent_record ON outbox (record_id) WHERE acked_at IS NULL;
CREATE TABLE parked (
    kind VARCHAR NOT NULL, record_id VARCHAR NOT NULL, state VARCHAR NOT NULL,
    why VARCHAR NOT NULL, at VARCHAR NOT NULL, PRIMARY KEY (kind, record_id)
);
CREATE TABLE qa_check (
    id VARCHAR NOT NULL, ver VARCHAR NOT NULL, deleted BOOLEAN NOT NULL, extra VARCHAR NOT NULL,
    enterprise_id VARCHAR NOT NULL, kind VARCHAR NOT NULL, level VARCHAR NOT NULL,
    seen_how VARCHAR NOT NULL, seen_by_id VARCHAR NOT NULL, seen_on DATE, expires_on DATE,
    reference VARCHAR NOT NULL, PRIMARY KEY (id)
);
CREATE INDEX ix_qa_check_enterprise_id ON qa_check (enterprise_id);
CREATE TABLE receipt (
    n INTEGER NOT NULL, body BLOB NOT NULL, at VARCHAR NOT NULL, PRIMARY KEY (n)
);
CREATE TABLE register_entry (
    id VARCHAR NOT NULL, ver VARCHAR NOT NULL, deleted BOOLEAN NOT NULL, extra VARCHAR NOT NULL,
    enterprise_id VARCHAR NOT NULL, trading_name VARCHAR NOT NULL, contact VARCHAR NOT NULL,
    districts VARCHAR NOT NULL, services VARCHAR NOT NULL, modes VARCHAR NOT NULL,
    who_for VARCHAR NOT NULL, times VARCHAR NOT NULL, languages VARCHAR NOT NULL,
    access VARCHAR NOT NULL, price_words VARCHAR NOT NULL, payable_by VARCHAR NOT NULL,
    cqc_words VARCHAR NOT NULL, capacity VARCHAR NOT NULL, words VARCHAR NOT NULL,
    consent_id VARCHAR NOT NULL, status VARCHAR NOT NULL, published_on DATE,
    reviewed_by_id VARCHAR NOT NULL, suspended_on DATE, suspension_reason VARCHAR NOT NULL,
    review_on DATE, PRIMARY KEY (id)
);
CREATE INDEX ix_register_entry_enterprise_id ON register_entry (enterprise_id);
CREATE TABLE seed_claim (
    id VARCHAR NOT NULL, ver VARCHAR NOT NULL, deleted BOOLEAN NOT NULL, extra VARCHAR NOT NULL,
    enterprise_id VARCHAR NOT NULL, policy_version VARCHAR NOT NULL,
    drafted_by_id VARCHAR NOT NULL, drafted_on DATE, barrier VARCHAR NOT NULL,
    applicant VARCHAR NOT NULL, interest_declared VARCHAR NOT NULL, state VARCHAR NOT NULL,
    submitted_by_id VARCHAR NOT NULL, submitted_on DATE, checked_by_id VARCHAR NOT NULL,
    recommended_by_id VARCHAR NOT NULL, approved_by_id VARCHAR NOT NULL, approved_on DATE,
    payee_reference VARCHAR NOT NULL, PRIMARY KEY (id)
);
CREATE INDEX ix_seed_claim_enterprise_id ON seed_claim (enterprise_id);
CREATE TABLE session (
    id VARCHAR NOT NULL, ver VARCHAR NOT NULL, deleted BOOLEAN NOT NULL, extra VARCHAR NOT NULL,
    enterprise_id VARCHAR NOT NULL, "on" DATE NOT NULL, at DATETIME, kind VARCHAR NOT NULL,
    minutes INTEGER, note VARCHAR NOT NULL, private_note VARCHAR NOT NULL,
    by_id VARCHAR NOT NULL, PRIMARY KEY (id), CONSTRAINT minutes_from_zero CHECK (minutes >= 0)
);
CREATE INDEX ix_session_enterprise_id ON session (enterprise_id);
CREATE INDEX ix_session_on ON session ("on");
CREATE TABLE shadow (
    kind VARCHAR NOT NULL, record_id VARCHAR NOT NULL, field VARCHAR NOT NULL,
    value VARCHAR NOT NULL, versions VARCHAR NOT NULL, heads VARCHAR NOT NULL,
    "before" VARCHAR NOT NULL, touched BOOLEAN NOT NULL, PRIMARY KEY (kind, record_id, field)
);
CREATE TABLE stage_event (
    id VARCHAR NOT NULL, ver VARCHAR NOT NULL, deleted BOOLEAN NOT NULL, extra VARCHAR NOT NULL,
    enterprise_id VARCHAR NOT NULL, stage VARCHAR NOT NULL, "on" DATE NOT NULL,
    reason VARCHAR NOT NULL, note VARCHAR NOT NULL, review_on DATE, by_id VARCHAR NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_stage_event_enterprise_id ON stage_event (enterprise_id);
CREATE TABLE stored_file (
    sha256 VARCHAR NOT NULL, file_name VARCHAR NOT NULL, size INTEGER NOT NULL,
    mime VARCHAR NOT NULL, "key" BLOB NOT NULL, stored_at VARCHAR NOT NULL, sent_at VARCHAR,
    PRIMARY KEY (sha256), UNIQUE (file_name)
);
CREATE TABLE tally (
    id VARCHAR NOT NULL, ver VARCHAR NOT NULL, deleted BOOLEAN NOT NULL, extra VARCHAR NOT NULL,
    "on" DATE NOT NULL, channel VARCHAR NOT NULL, district VARCHAR NOT NULL,
    count INTEGER NOT NULL, PRIMARY KEY (id), CONSTRAINT count_from_zero CHECK (count >= 0)
);
CREATE TABLE trail (
    n INTEGER NOT NULL, at VARCHAR NOT NULL, by_id VARCHAR NOT NULL, verb VARCHAR NOT NULL,
    kind VARCHAR NOT NULL, record_id VARCHAR NOT NULL, "before" VARCHAR NOT NULL,
    "after" VARCHAR NOT NULL, note VARCHAR NOT NULL, PRIMARY KEY (n)
);
CREATE INDEX trail_record ON trail (record_id, n);
CREATE VIRTUAL TABLE caseload_words USING fts5(
    words, content='caseload', content_rowid='n',
    tokenize="unicode61 remove_diacritics 2", prefix='1 2 3'
);
CREATE TRIGGER caseload_added AFTER INSERT ON caseload BEGIN
    INSERT INTO caseload_words(rowid, words) VALUES (new.n, new.words);
END;
CREATE TRIGGER caseload_changed AFTER UPDATE ON caseload WHEN old.words IS NOT new.words BEGIN
    INSERT INTO caseload_words(caseload_words, rowid, words) VALUES ('delete', old.n, old.words);
    INSERT INTO caseload_words(rowid, words) VALUES (new.n, new.words);
END;
CREATE TRIGGER caseload_gone AFTER DELETE ON caseload BEGIN
    INSERT INTO caseload_words(caseload_words, rowid, words) VALUES ('delete', old.n, old.words);
END;
CREATE VIRTUAL TABLE find_words USING fts5(
    words, content='find', content_rowid='n',
    tokenize="unicode61 remove_diacritics 2", prefix='1 2 3'
);
CREATE TRIGGER find_added AFTER INSERT ON find BEGIN
    INSERT INTO find_words(rowid, words) VALUES (new.n, new.words);
END;
CREATE TRIGGER find_changed AFTER UPDATE ON find WHEN old.words IS NOT new.words BEGIN
    INSERT INTO find_words(find_words, rowid, words) VALUES ('delete', old.n, old.words);
    INSERT INTO find_words(rowid, words) VALUES (new.n, new.words);
END;
CREATE TRIGGER find_gone AFTER DELETE ON find BEGIN
    INSERT INTO find_words(find_words, rowid, words) VALUES ('delete', old.n, old.words);
END;
CREATE VIRTUAL TABLE find_terms USING fts5vocab('find_words', 'row');
"""
