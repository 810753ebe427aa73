"""What kills and attacks came to: the numbers of docs/evidence/delivery.json."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

EVIDENCE = Path(__file__).parents[3] / "docs" / "evidence" / "delivery.json"


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


def write_evidence(shown: Mapping[str, Shown]) -> None:
    """Write the numbers, one object a store."""
    rows = [asdict(shown[store]) for store in sorted(shown)]
    EVIDENCE.write_text(json.dumps(rows, indent=2) + "\n", "utf-8")
