"""The reference page of worth: prices, benchmarks and their anchors, bands, rankings, the index."""

from collections.abc import Iterable, Sequence

from tables import listed, page, section, table

from catalog import ranking
from catalog.identity import own_offers
from catalog.ranking import BENCHMARKS, CODING_BENCHMARKS, MODES, Band, Benchmark, Mix, Question
from catalog.ranking.best_for import BEST_FOR, RANKINGS, SOLD, Rule
from catalog.trends.price_index import LEVELS, LEVELS_METHOD, METHOD
from catalog.trends.risk import HAZARDS

ABOUT = """\
A model's worth is its quality against the reference price of its maker: standard tier, without
conditions, the dearest window, in USD. A model without a price or a score, or one that its maker
has retired, has none, and the answer says why; it has no stars, and stands in nobody's way."""
REFERENCE = """\
The maker's own official offer alone: a reseller's price is listed apart. Region is global, else
the home region of the model or of the offer. Other currencies are converted by the stored rate of
the day; without one there is no value. A maker sells under its own name, but for these:"""
MODES_ABOUT = """\
A price with a variant is no reference, but for these modes of the same model: where a maker states
no price of a meter without a variant, its dearest mode counts."""
QUALITY = """\
Each score is mapped linearly between two fixed anchors; the mean is weighted. The coverage of an
answer is the share of the weight that has a score: below 1 the rest is unknown, not zero. Nothing
depends on who else is listed. Reasoning efforts and token budgets are settings of one model at one
price a token: of several results of a model the best counts."""
CODING = """\
Made in the same way for the rankings of coders; it enters no value."""


def ranking_page() -> str:
    """The formulas with their defaults, the benchmarks and the bands."""
    mix, alpha = Mix(), Question.__dataclass_fields__["alpha"].default
    defaults = (
        ("mix", f"{mix.input_parts}:{mix.output_parts}", "parts of input to parts of output"),
        ("cached share", mix.cached_share, "of the input, read from a cache"),
        ("alpha", alpha, "how much price weighs: 0 ignores it, 1 is quality for a dollar"),
        ("floor", ranking.PRICE_FLOOR, "USD per 1M tokens; a price below it counts as this"),
    )
    return page(
        "Worth",
        ABOUT,
        section("Formulas", *map(_code, _FORMULAS), table(("input", "default", "is"), defaults)),
        section("Reference price", REFERENCE, _own_offers(), MODES_ABOUT, _modes()),
        section("Quality", QUALITY, _benchmarks(BENCHMARKS)),
        section("Coding", CODING, _benchmarks(CODING_BENCHMARKS)),
        section("Bands", Band.__doc__ or "", _bands()),
        section("Stars", f"{ranking.STARS} stars for the best fifth of all models with a value."),
        section("Rankings", RANKINGS_ABOUT, _rules(RANKINGS), BEST_FOR_ABOUT, _rules(BEST_FOR)),
        section("Risk", RISK_ABOUT, _hazards()),
        section("Price index", INDEX_ABOUT, table(("of", "rule"), METHOD), _levels()),
        section("Families", FAMILIES),
    )


RANKINGS_ABOUT = f"""\
`GET /rankings` lists them, `GET /rankings/{{name}}` ranks by one, at any `as_of`. Each admits only
what is {SOLD}, and what has what it orders by."""
BEST_FOR_ABOUT = "The first by one of these rules is tagged as best for it:"
RISK_ABOUT = """\
What is on record of a model's price, in `/models/{maker}/{name}` and in `/rankings/risk`. A hazard
holds or not; the risk is the sum of their points, 0 to 100. Moves are of the maker's own prices of
standard use; what nobody saw is not counted, so a short history is a hazard itself."""
INDEX_ABOUT = """\
`GET /index` and `tokentape index`: what the same models cost from month to month, over all bands
and in each. Every point names its members, what moved, and whose prices they are."""

FAMILIES = """\
`GET /families/{maker}/{family}`: what each generation of a line cost, and the step from one to the
next. A line is what a model's id keeps when its version is taken out: `claude-opus` of
`claude-opus-4.6`, `gpt-mini` of `gpt-5-mini`; dated releases and names that move are of none. A
family of several lines gives each. Generations stand in the order of their release, the middle one
of the days that sources state, and of two the later; one without such a day stands by its version.
Prices are from their first sight on, which may be later than the release. A step compares two
generations' prices at the first moment at which both are known, in the currency both are stated
in, else in USD by the days' rates."""

_FORMULAS = (ranking.FORMULA, ranking.BLENDED_FORMULA, ranking.QUALITY_FORMULA)


def _code(text: str) -> str:
    return f"```\n{text}\n```"


def _own_offers() -> str:
    offers = (offer for some in own_offers.declared().values() for offer in some)
    head = ("maker", "sells at", "home region", "why")
    return table(
        head,
        ((listed([o.maker]), listed([o.provider]), o.home_region or "", o.why) for o in offers),
    )


def _modes() -> str:
    return table(("variant", "is"), ((listed([name]), meaning) for name, meaning in MODES))


def _benchmarks(marks: Sequence[Benchmark]) -> str:
    head = ("benchmark", "0 at", "100 at", "weight", "results from", "why")
    return table(
        head, ((listed([b.id]), b.low, b.high, b.weight, b.since or "", b.why) for b in marks)
    )


def _bands() -> str:
    return table(("band", "input costs"), ((listed([band]), band.meaning) for band in Band))


def _rules(rules: Iterable[Rule]) -> str:
    head = ("ranking", "answers", "orders by", "admits")
    return table(head, ((listed([r.name]), r.title, r.order.meaning, _words(r)) for r in rules))


def _words(rule: Rule) -> str:
    return "; ".join(condition.words for condition in rule.conditions)


def _hazards() -> str:
    head = ("hazard", "points", "holds where")
    return table(head, ((h.name, h.points, h.words) for h in HAZARDS))


def _levels() -> str:
    levels = ", ".join(str(level) for level in LEVELS)
    return f"`GET /index/qualities` follows {LEVELS_METHOD}. The qualities: {levels}."
