"""Signing in by a council's own accounts: who is who there, tries under way, logins."""

STATEMENTS = (
    """CREATE TABLE identity (
        issuer TEXT NOT NULL, subject TEXT NOT NULL, person_id TEXT NOT NULL,
        PRIMARY KEY (issuer, subject))""",
    """CREATE TABLE sign_in (
        ticket {blob} PRIMARY KEY, nonce TEXT NOT NULL, expires_at TEXT NOT NULL,
        used_at TEXT NOT NULL)""",
    """CREATE TABLE login (
        id TEXT PRIMARY KEY, person_id TEXT NOT NULL, access {blob} NOT NULL,
        access_until TEXT NOT NULL, refresh_until TEXT NOT NULL, ends_at TEXT NOT NULL,
        started_at TEXT NOT NULL, ended_at TEXT NOT NULL, ended_why TEXT NOT NULL)""",
    "CREATE INDEX login_access ON login (access)",
    "CREATE INDEX login_person ON login (person_id)",
    """CREATE TABLE login_refresh (
        refresh {blob} PRIMARY KEY, login_id TEXT NOT NULL, used_at TEXT NOT NULL)""",
)
