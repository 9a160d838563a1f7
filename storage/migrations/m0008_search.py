"""Search: people and notes in columns of their own, and an index of the middles of words.

With people apart, a word that stands in every note still finds its people at once. The trigram
index finds the middle of a word and of a telephone number. Neither keeps sizes of columns: nothing
is ranked by them, and each costs a page in every saved edit.
"""

INFO = "search: people first, and the middles of words"

SQL = """
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
CREATE VIRTUAL TABLE find_words USING fts5(
    people, notes, content='find', content_rowid='n', columnsize=0,
    tokenize="unicode61 remove_diacritics 2", prefix='1 2 3'
);
CREATE VIRTUAL TABLE find_parts USING fts5(
    people, notes, content='find', content_rowid='n', columnsize=0, detail=column,
    tokenize="trigram remove_diacritics 1"
);
CREATE VIRTUAL TABLE find_terms USING fts5vocab('find_words', 'row');
INSERT INTO find_words(find_words) VALUES ('rebuild');
INSERT INTO find_parts(find_parts) VALUES ('rebuild');
CREATE TRIGGER find_added AFTER INSERT ON find BEGIN
    INSERT INTO find_words(rowid, people, notes) VALUES (new.n, new.people, new.notes);
    INSERT INTO find_parts(rowid, people, notes) VALUES (new.n, new.people, new.notes);
END;
CREATE TRIGGER find_changed AFTER UPDATE ON find
    WHEN old.people IS NOT new.people OR old.notes IS NOT new.notes BEGIN
    INSERT INTO find_words(find_words, rowid, people, notes)
        VALUES ('delete', old.n, old.people, old.notes);
    INSERT INTO find_parts(find_parts, rowid, people, notes)
        VALUES ('delete', old.n, old.people, old.notes);
    INSERT INTO find_words(rowid, people, notes) VALUES (new.n, new.people, new.notes);
    INSERT INTO find_parts(rowid, people, notes) VALUES (new.n, new.people, new.notes);
END;
CREATE TRIGGER find_gone AFTER DELETE ON find BEGIN
    INSERT INTO find_words(find_words, rowid, people, notes)
        VALUES ('delete', old.n, old.people, old.notes);
    INSERT INTO find_parts(find_parts, rowid, people, notes)
        VALUES ('delete', old.n, old.people, old.notes);
END;
"""
