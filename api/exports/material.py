"""What exports are made of: a view, the steps of its prices, and what other catalogs list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from catalog.current.listed import Listing, all_steps, last_listing
from catalog.current.look import Look, View
from catalog.current.view import Views
from catalog.past.price_paths import Step
from catalog.store import reading

TOOLS = ("litellm", "models-dev", "openrouter", "llm-prices", "genai-prices")
"""Sources that are the lists of the tools that exports are for: they say which ids users type."""


@dataclass(frozen=True)
class Material:
    """One state of the catalog."""

    view: View
    steps: Mapping[str, Sequence[Step]]
    """How each series' price went, by its readable identifier; announced steps unless left out."""
    listings: Mapping[str, Listing]
    """The last list of each of the tools, by its source."""

    def listing(self, tool: str) -> Listing:
        """Give what a tool last listed; nothing where it was never read."""
        return self.listings.get(tool, Listing())


def gather(
    views: Views, look: Look, *, as_of: datetime | None = None, known_at: datetime | None = None
) -> Material:
    """Read all that exports need beside a look, in the state of the store that the look is of.

    The times are those that the look was asked for.
    """
    view = look.view
    with reading(views.engine) as session:
        steps = all_steps(session, view.ingest)
        listings = {
            tool: last_listing(session, tool, as_of=as_of or known_at, known=view.ingest)
            for tool in TOOLS
        }
    return Material(view, steps if as_of is None else _by(steps, as_of), listings)


def _by(steps: Mapping[str, Sequence[Step]], moment: datetime) -> Mapping[str, Sequence[Step]]:
    """Leave out what began later."""
    return {series: [one for one in some if one.since <= moment] for series, some in steps.items()}
