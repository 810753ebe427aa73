"""API keys: made, listed, revoked, and who holds one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from api.delivery.keyring import Keyring
from api.delivery.tokens import PREFIX, is_api_key, new_api_key
from catalog.store import reading
from catalog.subscribing.api_keys import ApiKey
from catalog.subscribing.subscriptions import changing
from catalog.vocabulary import Scope

HINT = len(PREFIX) + 4
USED_TO = timedelta(minutes=1)
"""When a key was last used is kept this exactly."""


@dataclass(frozen=True)
class Holder:
    """Who asks by a key that holds, and what it lets them do."""

    owner: str
    scopes: frozenset[Scope]


@dataclass(frozen=True)
class MadeKey:
    """A key, in full this once."""

    id: int
    key: str


class UnknownKeyError(LookupError):
    """No key has that number."""


def make_key(  # noqa: PLR0913 what a key is made of
    session: Session,
    keyring: Keyring,
    owner: str,
    *,
    scopes: Iterable[Scope],
    now: datetime,
    expires_at: datetime | None = None,
) -> MadeKey:
    """Make a key for an owner; only its keyed hash is stored."""
    key = new_api_key()
    row = {
        "owner": owner,
        "hint": key[:HINT],
        "hash": keyring.hashes(key)[0],
        "scopes": sorted(scope.value for scope in scopes),
        "created_at": now,
        "expires_at": expires_at,
    }
    made = session.scalars(insert(ApiKey).returning(col(ApiKey.id)).values(row)).one()
    return MadeKey(made, key)


def list_keys(session: Session, owner: str | None = None) -> Sequence[ApiKey]:
    """Give all keys, or an owner's, in the order they were made in."""
    query = select(ApiKey).order_by(col(ApiKey.id))
    return session.scalars(query if owner is None else query.filter_by(owner=owner)).all()


def revoke_key(session: Session, number: int, now: datetime) -> None:
    """Let a key hold no longer; a revoked one stays as it is. Raises UnknownKeyError."""
    if session.scalars(select(col(ApiKey.id)).filter_by(id=number)).one_or_none() is None:
        raise UnknownKeyError(f"there is no key {number}; `tokentape keys list` lists them")
    session.execute(
        update(ApiKey).filter_by(id=number, revoked_at=None).values({"revoked_at": now})
    )


def holder_of(engine: Engine, keyring: Keyring, key: str, now: datetime) -> Holder | None:
    """Say who holds a key; None where it is none, has expired or was revoked."""
    if not is_api_key(key):
        return None
    with reading(engine) as session:
        row = _find(session, keyring.hashes(key))
    if row is None or row.revoked_at is not None or _is_over(row.expires_at, now):
        return None
    if row.used_at is None or row.used_at <= now - USED_TO:
        _note_use(engine, row.id, keyring.hashes(key)[0], now)
    return Holder(row.owner, frozenset(Scope(scope) for scope in row.scopes))


def _find(session: Session, hashes: Sequence[str]) -> ApiKey | None:
    return session.scalars(select(ApiKey).where(col(ApiKey.hash).in_(hashes))).one_or_none()


def _is_over(expires_at: datetime | None, now: datetime) -> bool:
    return expires_at is not None and expires_at <= now


def _note_use(engine: Engine, number: int, newest: str, now: datetime) -> None:
    """Note that a key was used, and keep it by the newest secret from now on."""
    with changing(engine) as session:
        session.execute(
            update(ApiKey).filter_by(id=number).values({"used_at": now, "hash": newest})
        )
