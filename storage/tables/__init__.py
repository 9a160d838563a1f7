"""The rows of the vault: one SQLModel table class a kind of record, and the vault's own books.

Private to storage: rows never leave, frozen records do. Table classes do not check what they are
given (SQLModel checks only plain models), so values are checked before they come here.
"""

from storage.tables import books, casework, forms, listing, market, money, people, published
from storage.tables.columns import RecordRow, VaultRow

__all__ = [
    "RecordRow", "VaultRow", "books", "casework", "forms", "listing", "market", "money", "people",
    "published",
]  # fmt: skip
