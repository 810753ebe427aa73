"""The reference page of the board of disagreements: its rules, and whose offer a name means."""

from collections.abc import Iterator

from tables import page, section, table

from catalog.discrepancies.claims import named
from catalog.discrepancies.moves import GRACE
from catalog.discrepancies.rules import RULES, UNEXPLAINED

ABOUT = (
    "`GET /discrepancies` and `tokentape discrepancies` compare what catalogs state of a maker's"
    " own standard offer, and what resellers charge themselves, with the price that the maker"
    " states: the same model, meter, unit and region, without conditions. Where a maker's price"
    " goes by the hour or the mode, each of its amounts agrees. Amounts in two currencies are"
    " compared only where the number is the same; the noise of a float is no difference."
    " `size` is the difference over the larger of the two, from 0 to 1."
)
RULES_ABOUT = (
    "The first rule that holds is the likely reason; the others that hold are listed in `also`."
    " A rule holds by equality with something on record, not by likeness. `correctable` says"
    " whether the other list would correct it: not what a seller charges of its own, unless nobody"
    " means such a price; and only where the two were seen to be stated at one time (within"
    f" {GRACE.days} days), unless the amount is wrong at any time."
)
HEADS = ("reason", "means", "to correct", "of a seller, too", "at any time")
NAMES_ABOUT = (
    "What a list calls a provider, and whose own offer it is compared with. Other names are not"
    " compared; a reseller's own offer is compared with that of the first own offer of the maker."
)


def discrepancies_page() -> str:
    """Which disagreements there are, and the rules of their likely reasons."""
    return page(
        "Disagreements",
        ABOUT,
        section("Likely reasons", RULES_ABOUT, table(HEADS, _rules())),
        section("Names", NAMES_ABOUT, table(("name", "offer", "region", "why"), _names())),
    )


def _rules() -> Iterator[tuple[str, ...]]:
    for rule in (*RULES, UNEXPLAINED):
        asked = (rule.of_the_list, rule.of_a_seller, rule.at_any_time)
        yield f"`{rule.name}`", rule.means, *("yes" if one else "" for one in asked)


def _names() -> Iterator[tuple[str, str, str, str]]:
    for printed, one in sorted(named().items()):
        yield f"`{printed}`", one.provider, one.region or "", one.why
