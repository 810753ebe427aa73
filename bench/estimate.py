"""Time an estimate over all models, beside a list of the same models and a bare sum.

Run as ``python -m bench.estimate`` from the checkout: on the store that TOKENTAPE_DATABASE_URL
names, else on the bundled history. The limit is 20 ms at the median.
"""

import os
import tempfile
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path
from statistics import median
from time import process_time

from sqlalchemy import Engine
from starlette.testclient import TestClient

from api.app import create_app
from api.listing import Ask
from api.resources.estimate import ESTIMATE
from catalog.current.listings import Listing
from catalog.current.view import Views
from catalog.migrating import migrate
from catalog.moments import utc_now
from catalog.ranking import Mix
from catalog.ranking.worth import HALF
from catalog.store import open_store
from catalog.vocabulary import Meter
from spiders.loading import load_history

ROUNDS = 51
LIMIT = 20
USES = {
    "input and output": "requests=450000&input_tokens=2000&output_tokens=400",
    "cached, in batches": "requests=450000&input_tokens=2000&output_tokens=400"
    "&cached_share=0.5&batch_share=0.2",
}
MILLION = 10**6


def milliseconds(call: Callable[[], object]) -> float:
    """The median of several calls, of the processor: other programs count less."""
    call()
    times = []
    for _ in range(ROUNDS):
        start = process_time()
        call()
        times.append(process_time() - start)
    return median(times) * 1e3


def bare_sums(listings: tuple[Listing, ...]) -> list[Decimal]:
    """Multiply input and output by their reference prices: no tiers, no reasons, no evidence."""
    found = []
    for one in listings:
        plain = one.standing.reference.amount(Meter.INPUT_TOKENS)
        output = one.standing.reference.amount(Meter.OUTPUT_TOKENS)
        if plain is not None and output is not None:
            found.append((plain * 2000 + output * 400) * 450_000 / MILLION)
    return sorted(found)


def compare(engine: Engine) -> None:
    """Print what each takes, and how many times the peer that is."""
    views, app = Views(engine), create_app(engine)
    look = views.look()
    listings = look.view.rank(look.question(Mix(), HALF))
    client = TestClient(app)
    bare = milliseconds(lambda: bare_sums(listings))
    page = milliseconds(lambda: client.get("/models?sort=price&limit=100"))
    print(f"{len(listings)} models; the limit is {LIMIT} ms at the median")
    print(f"  {'bare sums of reference prices':40}{bare:8.1f} ms")
    print(f"  {'GET /models, 100 of them':40}{page:8.1f} ms")
    for name, query in USES.items():
        asked = dict(part.split("=") for part in query.split("&"))
        question = ESTIMATE.question.model_validate(asked)
        ask = Ask(views, question, {})
        whole = milliseconds(partial(ESTIMATE.part, ask, 1))
        few = milliseconds(partial(client.get, f"/estimate?{query}&limit=10"))
        many = milliseconds(partial(client.get, f"/estimate?{query}&limit=100"))
        print(f"  {f'estimate, {name}':40}{whole:8.1f} ms  {whole / bare:6.1f} times the bare sums")
        print(f"  {'  GET, 10 itemised':40}{few:8.1f} ms  {few / page:6.1f} times that list")
        print(f"  {'  GET, 100 itemised':40}{many:8.1f} ms  {many / page:6.1f} times that list")


def main() -> None:
    """Compare on the store of the settings, else on one made for it."""
    named = os.environ.get("TOKENTAPE_DATABASE_URL")
    if named:
        compare(open_store(named))
        return
    with tempfile.TemporaryDirectory() as folder:
        engine = open_store(f"sqlite:///{Path(folder) / 'bench.db'}")
        migrate(engine)
        load_history(engine, now=utc_now)
        compare(engine)


if __name__ == "__main__":
    os.environ.setdefault("TOKENTAPE_RATE_LIMIT", "0")
    main()
