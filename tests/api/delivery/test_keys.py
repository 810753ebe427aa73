"""API keys hold for whom they were made, until they end; the store never has one."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from api.delivery.keyring import SecretKeyError, keyring_of
from api.delivery.keys import UnknownKeyError, holder_of, list_keys, make_key, revoke_key
from api.delivery.tokens import is_api_key, new_api_key
from catalog.store import reading
from catalog.subscribing.api_keys import ApiKey
from catalog.subscribing.subscriptions import changing
from catalog.vocabulary import Scope

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OLD, NEW = "an old secret key that is long enough", "a new secret key that is long enough"
RING = keyring_of(OLD)


def made(
    store: Engine, *scopes: Scope, expires_at: datetime | None = None, ring: str = OLD
) -> tuple[int, str]:
    with changing(store) as session:
        key = make_key(
            session, keyring_of(ring), "ann", scopes=scopes, now=NOW, expires_at=expires_at
        )
        return key.id, key.key


def listed(store: Engine) -> Sequence[ApiKey]:
    with reading(store) as session:
        return list_keys(session, "ann")


def test_a_key_says_whose_it_is_and_what_it_may_do(store: Engine) -> None:
    _, key = made(store, Scope.READ)
    holder = holder_of(store, RING, key, NOW)
    assert holder is not None
    assert (holder.owner, list(holder.scopes)) == ("ann", [Scope.READ])


def test_only_a_keyed_hash_of_a_key_is_stored(sqlite_store: Engine) -> None:
    _, key = made(sqlite_store, Scope.READ)
    [row] = listed(sqlite_store)
    assert (row.hint, row.scopes) == (key[:8], ["subscriptions:read"])
    assert row.hash == RING.hashes(key)[0]
    assert row.hash != keyring_of(NEW).hashes(key)[0]
    assert key not in str(row.model_dump())
    assert re.fullmatch("[0-9a-f]{64}", row.hash)


def test_a_key_has_a_prefix_160_random_bits_and_a_checksum() -> None:
    keys = {new_api_key() for _ in range(1000)}
    assert len(keys) == 1000
    assert all(re.fullmatch("ttk_[0-9A-Za-z]{33}", key) and is_api_key(key) for key in keys)


def test_a_slip_in_a_key_is_told_by_its_checksum() -> None:
    key = new_api_key()
    for place in range(len(key)):
        other = "b" if key[place] != "b" else "c"
        assert not is_api_key(key[:place] + other + key[place + 1 :])
    for wrong in ("", "ttk_", key + "a", key[:-1], "é" * 37, key.upper()):
        assert not is_api_key(wrong)


def test_a_revoked_key_holds_no_longer_from_then_on(store: Engine) -> None:
    number, key = made(store, Scope.READ)
    assert holder_of(store, RING, key, NOW) is not None
    with changing(store) as session:
        revoke_key(session, number, NOW)
    assert holder_of(store, RING, key, NOW) is None
    with changing(store) as session, pytest.raises(UnknownKeyError, match="keys list"):
        revoke_key(session, 99, NOW)


def test_a_key_holds_until_it_expires(sqlite_store: Engine) -> None:
    _, key = made(sqlite_store, Scope.READ, expires_at=NOW + timedelta(days=1))
    just_before = NOW + timedelta(days=1, microseconds=-1)
    assert holder_of(sqlite_store, RING, key, just_before) is not None
    assert holder_of(sqlite_store, RING, key, NOW + timedelta(days=1)) is None


def test_an_unknown_key_is_nobodys(sqlite_store: Engine) -> None:
    made(sqlite_store, Scope.READ)
    assert holder_of(sqlite_store, RING, new_api_key(), NOW) is None
    assert holder_of(sqlite_store, RING, "nonsense", NOW) is None


def test_when_a_key_was_last_used_is_kept_to_the_minute(sqlite_store: Engine) -> None:
    _, key = made(sqlite_store, Scope.READ)
    assert listed(sqlite_store)[0].used_at is None
    for seconds, kept in ((0, 0), (59, 0), (60, 60), (200, 200)):
        holder_of(sqlite_store, RING, key, NOW + timedelta(seconds=seconds))
        assert listed(sqlite_store)[0].used_at == NOW + timedelta(seconds=kept)


def test_a_key_outlives_the_secret_it_was_made_with_once_it_was_used(sqlite_store: Engine) -> None:
    _, key = made(sqlite_store, Scope.READ, ring=OLD)
    assert holder_of(sqlite_store, keyring_of(NEW), key, NOW) is None
    assert holder_of(sqlite_store, keyring_of(f"{NEW}, {OLD}"), key, NOW) is not None
    assert holder_of(sqlite_store, keyring_of(NEW), key, NOW) is not None


def test_a_secret_is_read_with_the_old_key_until_it_is_sealed_with_the_new_one() -> None:
    sealed = RING.seal("whsec_abc")
    both = keyring_of(f"{NEW},{OLD}")
    assert both.unseal(sealed) == "whsec_abc"
    with pytest.raises(SecretKeyError, match="name the old one, too"):
        keyring_of(NEW).unseal(sealed)
    assert keyring_of(NEW).unseal(both.reseal(sealed)) == "whsec_abc"


@pytest.mark.parametrize("setting", ["", " , ", "short", f"{NEW},short"])
def test_a_secret_key_that_is_none_is_refused_with_how_to_make_one(setting: str) -> None:
    with pytest.raises(SecretKeyError, match=r"secrets\.token_urlsafe"):
        keyring_of(setting)


def test_no_key_shows_itself() -> None:
    assert "secret" not in repr(RING)
    assert OLD not in repr(RING)
