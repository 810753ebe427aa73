"""The reference page of the board of disagreements: its rules, and whose offer a name means."""

from collections.abc import Iterator

from tables import page, section, table

from catalog.discrepancies.claims import named
from catalog.discrepancies.rules import RULES, UNEXPLAINED

ABOUT = (
    "`GET /discrepancies` and `tokentape discrepancies` compare what catalogs state of a maker's"
    " own standard offer, and what resellers charge themselves, with the price that the maker"
    " states: the same model, meter, unit and region, without conditions. Where a maker's price"
    " goes by the hour or the mode, each of its amounts agrees. Amounts in two currencies are"
    " compared only where the number is the same. `size` is the difference over the larger of"
    " the two, from 0 to 1."
)
RULES_ABOUT = (
    "The first rule that holds is the likely reason; the others that hold are listed in `also`."
    " A rule holds by equality with something on record, not by likeness."
)
NAMES_ABOUT = (
    "What a list calls a provider, and whose own offer it is compared with. Other names are not"
    " compared; a reseller's own offer is compared with that of the first own offer of the maker."
)


def discrepancies_page() -> str:
    """Which disagreements there are, and the rules of their likely reasons."""
    return page(
        "Disagreements",
        ABOUT,
        section("Likely reasons", RULES_ABOUT, table(("reason", "means", "to correct"), _rules())),
        section("Names", NAMES_ABOUT, table(("name", "offer", "region", "why"), _names())),
    )


def _rules() -> Iterator[tuple[str, str, str]]:
    for rule in (*RULES, UNEXPLAINED):
        yield f"`{rule.name}`", rule.means, "yes" if rule.of_the_list else ""


def _names() -> Iterator[tuple[str, str, str, str]]:
    for printed, one in sorted(named().items()):
        yield f"`{printed}`", one.provider, one.region or "", one.why
