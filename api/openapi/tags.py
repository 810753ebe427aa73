"""What the operations are about, by the first part of their path."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tag:
    """Some operations that belong together."""

    name: str
    meaning: str
    roots: tuple[str, ...]
    """The first parts of their paths."""


SUBSCRIPTIONS = "Subscriptions"
TAGS = (
    Tag("Models", "Models, how they rank, and what one stands for.", ("models", "families")),
    Tag("Prices", "What is asked for tokens, and by whom.", ("prices", "offers", "report")),
    Tag("Rankings", "Value, quality and price, and their way.", ("rankings", "index", "compare")),
    Tag("Costs", "What a usage costs, or would.", ("cost", "estimate")),
    Tag(
        "Changes",
        "The log of what became different: as a list, a stream and feeds.",
        ("changes", "changes.atom", "changes.json"),
    ),
    Tag(
        "Evidence",
        "Who says so: sources, their pages as fetched, what waits for a person, disagreements.",
        ("providers", "sources", "snapshots", "holds", "discrepancies"),
    ),
    Tag("Names", "Which model a name means.", ("resolve",)),
    Tag(
        SUBSCRIPTIONS,
        "Changes sent to an address of yours, signed.",
        ("subscriptions", "deliveries", "messages", "keys"),
    ),
    Tag("Exports", "The catalog in the forms that other programs read.", ("exports", "export")),
    Tag(
        "Service",
        "How this server does, and what its words mean.",
        ("healthz", "livez", "readyz", "metrics", "meta", "problems", "llms.txt"),
    ),
)
_BY_ROOT = {root: tag.name for tag in TAGS for root in tag.roots}
OTHER = "Other"


def tag_of(path: str) -> str:
    """Give the tag of a path's operations; ``Other`` where its first part stands in no tag."""
    return _BY_ROOT.get(path.split("/")[1], OTHER)
