"""The words that search knows, in a table of their own, so that a slip is forgiven in no time.

The index can tell its words only by counting where each stands, which takes longer the more notes
there are. Numbers are left out: a slip in a number is another number. The words of the caseload
are indexed again without sizes of columns, which cost a page in every saved edit.
"""

INFO = "words that a slip may have meant"

SQL = """
CREATE TABLE find_term (term VARCHAR NOT NULL, PRIMARY KEY (term)) WITHOUT ROWID;
INSERT INTO find_term(term) SELECT term FROM find_terms WHERE term NOT GLOB '[0-9]*';
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
