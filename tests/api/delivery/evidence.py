"""What kills and attacks came to: the numbers of docs/evidence/delivery.json."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

HOUSE = Path(__file__).parents[3]
EVIDENCE = HOUSE / "docs" / "evidence" / "delivery.json"
KEPT = HOUSE / "var" / "deliveries"
STORES = ("postgresql", "sqlite")


@dataclass(frozen=True)
class Shown:
    """One store's numbers."""

    seed: int
    commit: str
    store: str
    kills: int
    deliveries: int
    """Events times the endpoints that asked for them."""
    lost: int
    phantom: int
    repeats: int
    """Arrivals of a message beyond the one, or where the first was refused the two, all under
    the same webhook-id."""
    verifiers: Mapping[str, int]
    """How many of all arrivals each verifier took: all of them."""
    tampered_accepted: int
    """Of 10,000 messages with one byte changed."""
    ssrf_accepted: int
    """Connections to addresses that are not public, of all hostile ones and 2,000 rebindings."""


def keep(shown: Shown) -> None:
    """Keep a store's numbers; write the evidence once there are both of one seed and commit."""
    folder = KEPT / f"{shown.commit}-{shown.seed}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{shown.store}.json").write_text(json.dumps(asdict(shown)), "utf-8")
    files = [folder / f"{store}.json" for store in STORES]
    if all(file.exists() for file in files):
        rows = [json.loads(file.read_text("utf-8")) for file in files]
        EVIDENCE.write_text(json.dumps(rows, indent=2) + "\n", "utf-8")
