"""The reference page of subscriptions: filters, schedule, and where nothing is ever sent."""

from collections.abc import Iterator
from datetime import timedelta

from source_pages import worded
from tables import page, section, table

from api.delivery.addresses import DENIED, GLOBAL_V6
from api.delivery.conditions import CONDITIONS
from api.delivery.dialing import DEADLINE, MOST_READ
from api.delivery.payload import LARGEST
from api.delivery.schedule import DELAYS, FAILING_AT_MOST, JITTER, LONGEST_WAIT
from api.delivery.subscribing import MOST, OVERLAP
from api.delivery.targets import PORTS

ABOUT = (
    "Who holds an API key subscribes a URL, and is told what happens from then on in signed "
    "messages, as Standard Webhooks 1.0 describes them. An event that was there at a source's "
    "first sight, or was backfilled, is told to nobody."
)
FILTER = "Every condition that is named must hold; an event that lacks what it is about does not."
TARGETS = (
    "Messages leave by https, to a name all of whose addresses are public; the address that was "
    "checked is the one that is dialled. Of IPv6 only {v6} is public. Redirects are not followed, "
    "and proxies of the environment are not used. TOKENTAPE_ALLOW_LOOPBACK opens this machine."
)


def delivery_page() -> str:
    """Subscriptions: what they ask for, when messages are sent, and where to."""
    conditions = ((f"`{one.name}`", one.asks) for one in CONDITIONS)
    denied = ((f"`{one.network}`", one.why) for one in DENIED)
    return page(
        "Subscriptions",
        ABOUT,
        section("Filter", FILTER, table(("condition", "holds where"), conditions)),
        section("Attempts", table(("message", "attempts after"), _schedule())),
        section("Limits", table(("limit", "is"), _limits())),
        section(
            "Where nothing is sent",
            TARGETS.format(v6=f"`{GLOBAL_V6}`"),
            table(("addresses", "are"), denied),
        ),
    )


def _schedule() -> Iterator[tuple[str, str]]:
    for kind, delays in DELAYS.items():
        after = ", ".join(worded(delay) if delay else "0" for delay in delays)
        yield f"`{kind}`", f"{after}; each ±{int(JITTER * 100)} %"


def _limits() -> Iterator[tuple[str, str]]:
    spans: tuple[tuple[str, timedelta], ...] = (
        ("an answer, in all", timedelta(seconds=DEADLINE)),
        ("a later attempt that Retry-After asks for", LONGEST_WAIT),
        ("failing before a subscription is disabled", FAILING_AT_MOST),
        ("an older secret signs beside its successor", OVERLAP),
    )
    yield from ((name, worded(span)) for name, span in spans)
    yield "a message's body", f"under {LARGEST:,} bytes"
    yield "read of an answer's body", f"{MOST_READ:,} bytes"
    yield "ports", ", ".join(map(str, PORTS))
    yield "subscriptions of an owner", str(MOST)
