"""The reference page of estimates: what a month is taken to be, and what is declared about it."""

from tables import page, section, table

from catalog.estimating.estimate import SEARCH_TOOLS
from catalog.estimating.tariff import RATIONED

ABOUT = (
    "`GET /estimate` and `tokentape estimate` reckon a month of requests that are all alike, by"
    " the rules of [costs](costs.md), on every model: at its maker's own official offer, or at"
    " the sellers named. Prices by context go by the input of one request. What is read from and"
    " written to a cache is priced apart; what is sent in batches is a part of its own. Tokens and"
    " requests are whole: what is left over by a share is plain input."
)
UNKNOWN_ABOUT = (
    "A model without a price of anything that is used has no total, comes last and says why. So"
    " does one whose context or longest answer the request exceeds, and one that its maker sells"
    " no more. A price that goes by the hour counts at its dearest. What gateways give away"
    f" (variant `{RATIONED}`) is rationed, and no month is reckoned on it."
)
ROUTING_ABOUT = (
    "`GET /estimate/routing` divides the requests by shares that sum to 1, each with the least"
    " quality of its model and, if need be, tokens of its own:"
    " `route=0.7:80&route=0.3:100:4000:800`."
    " Each share goes to the cheapest model that is good enough and has a known total. Beside it"
    " stands the cheapest one model that is good enough for all of them, or the one named by"
    " `against`, and what the routes save."
)
SEARCHES_ABOUT = "Searches have the model's own price, else that of its seller's tool."


def estimates_page() -> str:
    """How a month of use is reckoned."""
    return page(
        "Estimates",
        ABOUT,
        section("What has no total", UNKNOWN_ABOUT),
        section("Routing", ROUTING_ABOUT),
        section("Searches", SEARCHES_ABOUT, table(("seller", "tool"), SEARCH_TOOLS.items())),
    )
