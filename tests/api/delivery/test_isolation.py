"""An endpoint that hangs or fails delays no other."""

import time
from functools import partial

from api.delivery.courier import delivering
from catalog.moments import utc_now
from tests.api.delivery.desk import Desk, seen, until
from tests.api.delivery.receivers import Receiver, Says

ENDPOINTS, HANGING, FAILING = 200, 20, 20
WITHIN = 2.0
"""Seconds from the commit."""


def path_of(number: int) -> str:
    """Name an endpoint's path: every tenth hangs, and the one after it fails."""
    kind = {0: "hangs", 1: "fails"}.get(number % (ENDPOINTS // HANGING), "works")
    return f"/{kind}/{number}"


def test_of_200_endpoints_20_hang_and_20_fail_and_the_rest_are_told_within_2_seconds(
    desk: Desk, receiver: Receiver
) -> None:
    desk.catalog.take(seen("2026-11-20", "5", "3"))
    paths = [path_of(number) for number in range(ENDPOINTS)]
    for number, path in enumerate(paths):
        desk.subscribe(receiver.url(path), owner=f"owner {number % 10}")
    desk.deliver()
    assert {one.state for n in range(10) for one in desk.all(f"owner {n}")} == {"active"}
    receiver.says |= {path: Says(hangs=True) for path in paths if "hangs" in path}
    receiver.says |= {path: Says(500) for path in paths if "fails" in path}
    working = {path for path in paths if "works" in path}
    assert len(working) == ENDPOINTS - HANGING - FAILING
    desk.deadline = 15.0
    courier = desk.courier()
    courier.now = utc_now
    took: list[float] = []
    with delivering(courier):
        for day, amount in (("2026-11-20T12:00Z", "4"), ("2026-11-21", "3"), ("2026-11-22", "2")):
            desk.catalog.take(seen(day, amount, "3"))
            committed = time.monotonic()
            until(partial(are_told, receiver, working, amount))
            took.append(max(e.at for e in receiver.events() if e.path in working) - committed)
    # A machine that others use, too, may be slow now and then; one that hangs is always slow.
    assert min(took) < WITHIN
    assert {one.path for one in receiver.events()} == set(paths)


def are_told(receiver: Receiver, paths: set[str], amount: str) -> bool:
    """Whether some paths were told of a price."""
    return paths <= {one.path for one in receiver.events() if one.data["new"] == amount}


def test_what_a_courier_has_sent_is_kept_at_once(desk: Desk, receiver: Receiver) -> None:
    desk.catalog.take(seen("2026-11-20", "5"))
    made = desk.verified(receiver.url("/works"))
    with delivering(desk.courier()):
        for day, amount in (("2026-11-21", "4"), ("2026-11-22", "3")):
            desk.catalog.take(seen(day, amount))
            until(partial(are_told, receiver, {"/works"}, amount))
            until(lambda: {one.state for one in desk.deliveries(made)} == {"delivered"}, 5)
    assert desk.one(made).claim is None
    assert len(receiver.events()) == 2


def test_a_courier_stops_at_once_though_an_endpoint_hangs(desk: Desk, receiver: Receiver) -> None:
    desk.catalog.take(seen("2026-11-20", "5"))
    desk.verified(receiver.url("/hangs"))
    receiver.says["/hangs"] = Says(hangs=True)
    desk.catalog.take(seen("2026-11-21", "4"))
    desk.deadline = 15.0
    with delivering(desk.courier()):
        until(receiver.events)
        begun = time.monotonic()
    assert time.monotonic() - begun < 5
