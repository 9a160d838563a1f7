"""Why the register did not take a file, so that its author can be told."""

INFO = "the council's reason is kept when it does not take a file"

SQL = """
CREATE TABLE file_refused (
    sha256 VARCHAR NOT NULL, words VARCHAR NOT NULL, at VARCHAR NOT NULL, PRIMARY KEY (sha256)
);
"""
