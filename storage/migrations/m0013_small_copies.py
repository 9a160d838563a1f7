"""A photo's small copy: its name and size beside those of the whole one."""

INFO = "photos have a small copy that goes first on a slow line"

SQL = """
ALTER TABLE attachment ADD COLUMN small_sha256 VARCHAR DEFAULT '' NOT NULL;
ALTER TABLE attachment ADD COLUMN small_size INTEGER DEFAULT 0 NOT NULL;
"""
