"""How many ops at the end of the log the records do not have yet: see `sql_behind`.

An older program would read such records as if they stood: with this step it does not start.
"""

STATEMENTS = ("ALTER TABLE feed ADD COLUMN behind BIGINT NOT NULL DEFAULT 0",)
