"""Room beside each record for its next version, where a database writes a version of its own.

PostgreSQL then changes a record within its page and touches no index: a batch of edits costs it a
third. Pages that are full already get room as they are written anew.
"""

STATEMENTS = ()
POSTGRESQL = ("ALTER TABLE record SET (fillfactor = 60)",)
