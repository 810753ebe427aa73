"""One process at a time does a thing for a store."""

from sqlalchemy import Engine

from catalog.lease import lease


def test_a_second_taker_of_a_lease_gets_none(store: Engine) -> None:
    with lease(store, "worker") as first, lease(store, "worker") as second:
        assert (first, second) == (True, False)


def test_a_lease_is_free_again_when_its_block_ends(store: Engine) -> None:
    with lease(store, "worker"):
        pass
    with lease(store, "worker") as again:
        assert again


def test_leases_of_different_names_are_apart(store: Engine) -> None:
    with lease(store, "worker") as first, lease(store, "anthropic") as second:
        assert (first, second) == (True, True)
