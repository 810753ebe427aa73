"""Compare the API's description with the committed contract, or commit the one that the code has.

``--check`` fails where they differ; ``--write`` takes over what is added, and refuses what breaks.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from breaking import breaks

HERE = Path(__file__).resolve().parent
CONTRACT = HERE / "openapi.json"
sys.path.insert(0, str(HERE.parent.parent))


def described() -> dict[str, Any]:
    """Give the description that the code has; no store is read for it."""
    from sqlalchemy import create_engine  # noqa: PLC0415 the path is set above

    from api.app import create_app  # noqa: PLC0415 the same

    return create_app(create_engine("sqlite://")).openapi()


def printed(description: dict[str, Any]) -> str:
    """Print a description as it is committed: a line a value, so that changes are seen."""
    return json.dumps(description, indent=1, ensure_ascii=False) + "\n"


def main(argument: str) -> int:
    """Check or write; give the exit status."""
    new = described()
    text = printed(new)
    old_text = CONTRACT.read_text() if CONTRACT.exists() else text
    found = breaks(json.loads(old_text), new, today=datetime.now(UTC).date())
    for one in found:
        print(f"BREAKS {one}")
    if found:
        print(f"{len(found)} breaks: keep what was promised, or let it end as docs/contract says")
        return 1
    if argument == "--write":
        CONTRACT.write_text(text)
        print(f"wrote {CONTRACT.name}: {len(new['paths'])} paths")
        return 0
    if old_text != text or not CONTRACT.exists():
        print("the description has grown; take it over: make contract")
        return 1
    print("the description is the committed contract")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "--check"))
