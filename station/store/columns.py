"""What the tables are made of: text that compares by code point, numbers, keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Column, Integer, MetaData, Text
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy import Dialect
    from sqlalchemy.types import TypeEngine


def storable(text: str) -> str:
    r"""Return text without NUL and lone surrogates, which PostgreSQL and UTF-8 cannot hold.

    >>> storable("a\x00b")
    'a�b'
    """
    if text.isascii() and "\0" not in text:
        return text
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\0", "�")


class Words(TypeDecorator[str]):
    """Text that is compared by code point everywhere, so that prefixes are ranges of an index."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """Name PostgreSQL's collation; SQLite compares bytes by itself."""
        collation = "C" if dialect.name == "postgresql" else None
        return Text(collation=collation)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Make a word of an enumeration, and any outside text, one that can be stored."""
        del dialect
        return None if value is None else storable(str(value))


metadata = MetaData()

NUMBER = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite numbers its rows by itself in a column of the type INTEGER only."""


def words(name: str) -> Column[str]:
    """Return a column of text that is empty unless something is said."""
    return Column(name, Words, nullable=False, server_default="")


def number(name: str, default: str = "0") -> Column[int]:
    """Return a column of whole numbers that is 0, or the default, unless something is said."""
    return Column(name, BigInteger, nullable=False, server_default=default)


def key(name: str) -> Column[str]:
    """Return a column of the primary key."""
    return Column(name, Words, primary_key=True)
