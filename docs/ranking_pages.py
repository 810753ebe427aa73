"""The reference page of worth: formulas, benchmarks and their anchors, price bands."""

from tables import listed, page, section, table

from catalog import ranking
from catalog.ranking import BENCHMARKS, Band, Mix, Question

ABOUT = """\
A model's worth is its quality against the reference price of its maker: standard tier, without
conditions, the dearest window, in USD. A model without a price or a score has none, and the answer
says why."""


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
        section("Benchmarks", _benchmarks()),
        section("Bands", Band.__doc__ or "", _bands()),
        section("Stars", f"{ranking.STARS} stars for the best fifth of all models with a value."),
    )


_FORMULAS = (ranking.FORMULA, ranking.BLENDED_FORMULA, ranking.QUALITY_FORMULA)


def _code(text: str) -> str:
    return f"```\n{text}\n```"


def _benchmarks() -> str:
    head = ("benchmark", "quality 0 at", "quality 100 at", "weight", "why")
    return table(head, ((listed([b.id]), b.low, b.high, b.weight, b.why) for b in BENCHMARKS))


def _bands() -> str:
    return table(("band", "input costs"), ((listed([band]), band.meaning) for band in Band))
