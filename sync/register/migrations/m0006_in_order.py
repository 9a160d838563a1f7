"""A caseload in the order of its records' ids: what a first pull goes through page by page."""

STATEMENTS = (
    "CREATE INDEX record_of_owner ON record (owner_id, id)",
    "DROP INDEX record_owner",
)
