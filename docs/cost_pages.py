"""The reference page of costs: how each API's usage is counted, and by which rules it is priced."""

from collections.abc import Iterable, Iterator

from tables import page, section, table

from catalog.cost.batches import HALVED
from catalog.cost.formats import FORMATS
from catalog.cost.rates import STALE_AFTER
from catalog.cost.rules import APART, FALLBACKS, LONG_CONTEXT, REGIONAL, STACKS, Stack
from catalog.cost.usage_format import Field, Format

ABOUT = """\
`POST /cost`, `tokentape reprice` and `from catalog.cost import price` take a raw usage object and
know whose it is by its fields. Where the same fields mean two things, the total that is stated
decides, then the provider; else it is refused. Each token is counted once: a field that lies inside
others is taken out of them."""
PRICED = f"""\
The price is the one in force at the moment, at the maker's own offer unless another is named; for a
whole input above a threshold the price of long prompts. Unknown is never zero: where a line has no
price there is no total. Between two sightings with different amounts both totals are given. A price
last seen more than {STALE_AFTER.days} days before is told to be old. Of windows whose hours are not
stated, and of variants a usage does not tell apart, the dearest is taken, and it is told."""
FALLBACKS_ABOUT = """\
A meter without a price of its own has another's. Cached reads and writes only where the provider
prices them in no tier of the model, and does not say that they have a price of their own."""
APART_ABOUT = """\
These say that cached tokens have another price than input. Where they state none for a model, it is
not known."""
STACKS_ABOUT = """\
Where a tier states no price of a cache meter, the standard one times what the tier makes of input,
if the provider states that they multiply."""
LONG_ABOUT = """\
Where an offer states a price of long prompts for input and none for cached tokens, or in the
standard tier and none in this one: the price of short prompts times what length makes of the stated
ones, if the provider states that they multiply. Else it is not known, unless length changes
nothing."""
BATCHES_ABOUT = """\
Where a provider prices no batches apart but states a factor, standard prices times it; of cached
tokens in such batches nothing is stated, so they have no price."""
REGIONAL_ABOUT = """\
A factor that a page states in prose is a line of its own, where the region asked for brings it.
Whether a model is among those it is for is read in the page's words; where they do not tell there
is no total."""


def cost_page() -> str:
    """How usages are counted and priced."""
    return page(
        "Costs",
        ABOUT,
        *(section(one.name, one.about, _fields(one)) for one in FORMATS),
        section("How it is priced", PRICED),
        section("Fallbacks", FALLBACKS_ABOUT, _fallbacks()),
        section("Caches whose price is not stated", APART_ABOUT, _apart()),
        section("Tiers that multiply", STACKS_ABOUT, _stacks(STACKS)),
        section("Long prompts", LONG_ABOUT, _stacks(LONG_CONTEXT)),
        section("Batches", BATCHES_ABOUT, _batches()),
        section("Surcharges of regions", REGIONAL_ABOUT, _regional()),
    )


def _fields(one: Format) -> str:
    heads = ("field", "counts", "lies inside")
    return table(heads, (_field(field) for field in one.fields))


def _field(field: Field) -> tuple[str, str, str]:
    counts = f"`{field.meter}`" + (f" of `{field.tool}`" if field.tool else "")
    says = f"the same as `{field.same_as}`" if field.same_as else counts
    return (f"`{field.path}`", says, ", ".join(f"`{name}`" for name in field.inside))


def _fallbacks() -> str:
    rows = (
        (f"`{one.meter}`", ", else ".join(f"`{m}`" for m in one.priced_as), one.why)
        for one in FALLBACKS
    )
    return table(("meter", "has the price of", "because"), rows)


def _apart() -> str:
    return table(("provider", "its page says"), ((one.provider, f"“{one.says}”") for one in APART))


def _stacks(rules: Iterable[Stack]) -> str:
    rows = ((one.provider, ", ".join(sorted(one.tiers)), f"“{one.says}”") for one in rules)
    return table(("provider", "tiers", "its page says"), rows)


def _batches() -> str:
    return table(("provider", "holds"), ((one.provider, one.why) for one in HALVED))


def _regional() -> str:
    return table(("provider", "surcharge", "regions"), _regional_rows())


def _regional_rows() -> Iterator[tuple[str, str, str]]:
    for one in REGIONAL:
        yield one.source, one.name, ", ".join(sorted(one.regions))
