"""The reference page of worth: prices, benchmarks and their anchors, bands, rankings, the index."""

from collections.abc import Sequence

from tables import listed, page, section, table

from catalog import own_offers, ranking
from catalog.ranking import BENCHMARKS, CODING_BENCHMARKS, MODES, Band, Benchmark, Mix, Question

ABOUT = """\
A model's worth is its quality against the reference price of its maker: standard tier, without
conditions, the dearest window, in USD. A model without a price or a score has none, and the answer
says why."""
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
    )


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
