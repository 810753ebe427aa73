"""Which declared names and rules the store was brought to, and by which commit."""

import json
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from hashlib import sha256

from sqlalchemy import column, insert, select, table
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel, col

from catalog.identity import Identity
from catalog.store import BigId, Turn

NAMES = (
    table("providers", column("id"), column("name")),
    table(
        "models",
        *(column(name) for name in ("id", "maker", "name", "family", "kind", "home_region")),
    ),
    table("aliases", *(column(name) for name in ("source", "printed", "model", "edge", "why"))),
)
"""The tables that hold declared names, with what is declared of each."""


class Adoption(SQLModel, table=True):
    """A commit that brought the store to other names and rules than it had."""

    __tablename__ = "adoptions"

    ingest: int = Field(sa_type=BigId, primary_key=True, sa_column_kwargs={"autoincrement": False})
    names: str
    """The digest of the providers, models and aliases as they were stored by it."""
    rules: str
    """The digest of all that is declared: names, rules, labels and pointers."""


def stored_adoption(session: Session) -> Adoption | None:
    """Give the last adoption; None of a store that has declared names of none yet."""
    query = select(Adoption).order_by(col(Adoption.ingest).desc()).limit(1)
    return session.scalars(query).one_or_none()


def keep_adoption(turn: Turn, identity: Identity) -> None:
    """Note that the store has the names and rules of an identity now."""
    row = {
        "ingest": turn.ingest(),
        "names": names_digest(turn.session),
        "rules": rules_digest(identity),
    }
    turn.session.execute(insert(Adoption).values(row))


def names_digest(session: Session) -> str:
    """Give the digest of the declared names as they are stored."""
    said = [sorted(map(list, session.execute(select(*one.c))), key=str) for one in NAMES]
    return _digest(said)


def rules_digest(identity: Identity) -> str:
    """Give the digest of all that an identity declares; the same in every process."""
    return _digest([_plain(getattr(identity, one.name)) for one in fields(identity)])


def _digest(said: object) -> str:
    return sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _plain(value: object) -> object:
    """Give a declared value as JSON can hold it."""
    if isinstance(value, re.Pattern):
        return value.pattern
    if isinstance(value, Mapping):
        return [[str(key), _plain(one)] for key, one in sorted(value.items(), key=str)]
    if isinstance(value, frozenset):
        return sorted(map(str, value))
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if is_dataclass(value):
        return [_plain(getattr(value, one.name)) for one in fields(value)]
    return None if value is None else str(value)
