"""One worker at a time holds a store."""

from pathlib import Path

from sqlalchemy import create_engine

from cron.lease import lease


def test_a_second_worker_on_the_same_store_gets_no_lease(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'tape.db'}")
    with lease(engine) as first, lease(engine) as second:
        assert (first, second) == (True, False)


def test_a_lease_is_free_again_when_its_worker_ends(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'tape.db'}")
    with lease(engine):
        pass
    with lease(engine) as again:
        assert again
