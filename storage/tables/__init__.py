"""The rows of the vault: one SQLModel table class a kind of record, and the vault's own books.

Private to storage: rows never leave, frozen records do. They say what tables the file has, and the
migrations are proven against them. An open vault does not load them: it works by the fields of the
facts (storage/statements.py), which a test holds to the same columns.
"""

from storage.tables import books, casework, forms, listing, market, money, people, published
from storage.tables.columns import RecordRow, VaultRow

__all__ = [
    "RecordRow", "VaultRow", "books", "casework", "forms", "listing", "market", "money", "people",
    "published",
]  # fmt: skip
