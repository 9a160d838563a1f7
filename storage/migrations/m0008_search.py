"""Search: people and notes indexed apart, the middles of words, and the words that are known.

People apart: a word that stands in every note is no weight on finding people, and an edit writes to
one pair of indexes. Trigrams find the middle of a word and of a telephone number. The known words
are a table of their own because the index can tell its words only by counting where each stands;
numbers are left out, a slip in a number is another number. No index keeps sizes of columns: nothing
is ranked by them, and each costs a page in every saved edit.
"""

INFO = "search: people first, the middles of words, slips forgiven in no time"

SQL = """
CREATE TABLE find_term (term VARCHAR NOT NULL, PRIMARY KEY (term)) WITHOUT ROWID;
INSERT INTO find_term(term) SELECT term FROM find_terms WHERE term NOT GLOB '[0-9]*';
DROP TRIGGER find_added;
DROP TRIGGER find_changed;
DROP TRIGGER find_gone;
DROP TABLE find_terms;
DROP TABLE find_words;
ALTER TABLE find RENAME TO find_before;
CREATE TABLE find (
    n INTEGER NOT NULL, kind VARCHAR NOT NULL, record_id VARCHAR NOT NULL,
    enterprise_id VARCHAR NOT NULL, title VARCHAR NOT NULL, people VARCHAR NOT NULL,
    notes VARCHAR NOT NULL, PRIMARY KEY (n), UNIQUE (record_id)
);
INSERT INTO find(n, kind, record_id, enterprise_id, title, people, notes)
    SELECT n, kind, record_id, enterprise_id, title,
        CASE WHEN kind IN ('enterprise', 'leader', 'enquiry') THEN words ELSE '' END,
        CASE WHEN kind IN ('enterprise', 'leader', 'enquiry') THEN '' ELSE words END
    FROM find_before;
DROP TABLE find_before;
CREATE VIRTUAL TABLE find_people USING fts5(
    people, content='find', content_rowid='n', columnsize=0,
    tokenize="unicode61 remove_diacritics 2", prefix='1 2 3'
);
CREATE VIRTUAL TABLE find_people_parts USING fts5(
    people, content='find', content_rowid='n', columnsize=0, detail=none,
    tokenize="trigram remove_diacritics 1"
);
CREATE VIRTUAL TABLE find_notes USING fts5(
    notes, content='find', content_rowid='n', columnsize=0,
    tokenize="unicode61 remove_diacritics 2", prefix='1 2 3'
);
CREATE VIRTUAL TABLE find_notes_parts USING fts5(
    notes, content='find', content_rowid='n', columnsize=0, detail=none,
    tokenize="trigram remove_diacritics 1"
);
CREATE VIRTUAL TABLE find_people_terms USING fts5vocab('find_people', 'row');
CREATE VIRTUAL TABLE find_notes_terms USING fts5vocab('find_notes', 'row');
INSERT INTO find_people(find_people) VALUES ('rebuild');
INSERT INTO find_people_parts(find_people_parts) VALUES ('rebuild');
INSERT INTO find_notes(find_notes) VALUES ('rebuild');
INSERT INTO find_notes_parts(find_notes_parts) VALUES ('rebuild');
CREATE TRIGGER find_people_added AFTER INSERT ON find WHEN new.people <> '' BEGIN
    INSERT INTO find_people(rowid, people) VALUES (new.n, new.people);
    INSERT INTO find_people_parts(rowid, people) VALUES (new.n, new.people);
END;
CREATE TRIGGER find_people_changed AFTER UPDATE ON find WHEN old.people IS NOT new.people BEGIN
    INSERT INTO find_people(find_people, rowid, people) VALUES ('delete', old.n, old.people);
    INSERT INTO find_people_parts(find_people_parts, rowid, people)
        VALUES ('delete', old.n, old.people);
    INSERT INTO find_people(rowid, people) VALUES (new.n, new.people);
    INSERT INTO find_people_parts(rowid, people) VALUES (new.n, new.people);
END;
CREATE TRIGGER find_people_gone AFTER DELETE ON find WHEN old.people <> '' BEGIN
    INSERT INTO find_people(find_people, rowid, people) VALUES ('delete', old.n, old.people);
    INSERT INTO find_people_parts(find_people_parts, rowid, people)
        VALUES ('delete', old.n, old.people);
END;
CREATE TRIGGER find_notes_added AFTER INSERT ON find WHEN new.notes <> '' BEGIN
    INSERT INTO find_notes(rowid, notes) VALUES (new.n, new.notes);
    INSERT INTO find_notes_parts(rowid, notes) VALUES (new.n, new.notes);
END;
CREATE TRIGGER find_notes_changed AFTER UPDATE ON find WHEN old.notes IS NOT new.notes BEGIN
    INSERT INTO find_notes(find_notes, rowid, notes) VALUES ('delete', old.n, old.notes);
    INSERT INTO find_notes_parts(find_notes_parts, rowid, notes)
        VALUES ('delete', old.n, old.notes);
    INSERT INTO find_notes(rowid, notes) VALUES (new.n, new.notes);
    INSERT INTO find_notes_parts(rowid, notes) VALUES (new.n, new.notes);
END;
CREATE TRIGGER find_notes_gone AFTER DELETE ON find WHEN old.notes <> '' BEGIN
    INSERT INTO find_notes(find_notes, rowid, notes) VALUES ('delete', old.n, old.notes);
    INSERT INTO find_notes_parts(find_notes_parts, rowid, notes)
        VALUES ('delete', old.n, old.notes);
END;
DROP TRIGGER caseload_added;
DROP TRIGGER caseload_changed;
DROP TRIGGER caseload_gone;
DROP TABLE caseload_words;
CREATE VIRTUAL TABLE caseload_words USING fts5(
    words, content='caseload', content_rowid='n', columnsize=0,
    tokenize="unicode61 remove_diacritics 2", prefix='1 2 3'
);
INSERT INTO caseload_words(caseload_words) VALUES ('rebuild');
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
"""
