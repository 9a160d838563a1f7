"""Column types and the columns that every record row has beside its facts.

They say what the file's tables are: migrations are held to them, and so is what an open vault works
by (storage/columns.py, storage/statements.py), which loads none of this.
"""

# No `from __future__ import annotations` in table modules: SQLModel reads real types.
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, MetaData, String, TypeDecorator
from sqlmodel import Field, SQLModel

from storage.columns import parsed, quick


class DecimalText(TypeDecorator[Decimal]):
    """An exact decimal as text."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> str | None:  # noqa: ARG002
        """Decimal to text."""
        return None if value is None else str(value)

    def process_result_value(self, value: Any | None, dialect: Any) -> Decimal | None:  # noqa: ARG002
        """Text to Decimal."""
        return None if value is None else Decimal(value)


class Texts(TypeDecorator[tuple[str, ...]]):
    """A tuple of texts as a JSON list."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Any) -> str | None:  # noqa: ARG002
        """Tuple to JSON."""
        return None if value is None else quick(value)

    def process_result_value(self, value: Any | None, dialect: Any) -> tuple[str, ...] | None:  # noqa: ARG002
        """JSON to tuple."""
        return None if value is None else tuple(parsed(value))


class Mapped(TypeDecorator[dict[str, Any]]):
    """A mapping as JSON."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Any) -> str | None:  # noqa: ARG002
        """Dict to JSON."""
        return None if value is None else quick(value)

    def process_result_value(self, value: Any | None, dialect: Any) -> dict[str, Any] | None:  # noqa: ARG002
        """JSON to dict."""
        return None if value is None else dict(parsed(value))


def one_of(column: str, *choices: str) -> CheckConstraint:
    """A CHECK that a text column holds one of these."""
    listed = ", ".join(f"'{choice}'" for choice in choices)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def not_negative(column: str, *, exact: bool = False) -> CheckConstraint:
    """A CHECK that a number is empty or not below zero; exact decimals are text."""
    number = f"CAST({column} AS NUMERIC)" if exact else column
    return CheckConstraint(f"{number} >= 0", name=f"{column}_from_zero")


class VaultRow(SQLModel):
    """The root of every table of the vault, with a list of tables of its own."""

    metadata = MetaData()


class RecordRow(VaultRow):
    """What every record row has: its id, who wrote which field last, and the unknown."""

    id: str = Field(primary_key=True)
    ver: dict[str, Any] = Field(default_factory=dict, sa_type=Mapped)  # field -> dots
    deleted: bool = False
    extra: dict[str, Any] = Field(default_factory=dict, sa_type=Mapped)  # a newer peer's fields
