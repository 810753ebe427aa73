"""Anthropic: the pricing page of its documentation (markdown) and claude.com/pricing (cards)."""

from catalog.vocabulary import Meter
from spiders import kit

USD = kit.Terms(currency="USD")
NAME = kit.Model(read=kit.read_bounded_names)
STATUS = kit.Ignored("says whether the model can be had")

MODELS = kit.PriceTable(
    "Model pricing",
    {
        "Model": NAME,
        "Base input tokens": kit.Price(Meter.INPUT_TOKENS),
        "5m cache writes": kit.Price(Meter.CACHE_WRITE_TOKENS),
        "1h cache writes": kit.Price(Meter.CACHE_WRITE_1H_TOKENS),
        "Cache (?:hits|reads)(?: (?:&|and) refreshes)?": kit.Price(Meter.CACHE_READ_TOKENS),
        "Output tokens": kit.Price(Meter.OUTPUT_TOKENS),
        "Availability|Status": STATUS,
    },
    terms=USD,
)
FAST = kit.PriceTable(
    "Fast mode(?: pricing)?",
    {
        "Model": kit.Model(read=kit.read_bounded_names, optional=True),
        "Context window": kit.Context(optional=True),
        **kit.columns("Input", "Output"),
    },
    terms=kit.Terms(tier="fast", currency="USD"),
    model=kit.Above(r"supported on (?P<names>[^:]+):$", prefix="Claude "),
    expect=kit.NONE_OR_ONE,
)
BATCH_SECTION = "Batch (?:processing|API)(?: pricing)?"
BATCH = kit.PriceTable(
    BATCH_SECTION,
    {
        "Model": NAME,
        "Batch input(?: tokens)?": kit.Price(Meter.INPUT_TOKENS),
        "Batch output(?: tokens)?": kit.Price(Meter.OUTPUT_TOKENS),
        "Availability|Status": STATUS,
    },
    terms=kit.Terms(tier="batch", currency="USD"),
)
LONG_CONTEXT = kit.PriceTable(
    "Long context pricing",
    {
        "Model": kit.Model(optional=True, carried=True),
        "(?=≤|<=|>){context} input tokens": kit.Price(),
    },
    terms=USD,
    model=kit.Above(r"When using (?P<names>.+?) with the 1M", prefix="Claude "),
    expect=kit.NONE_OR_ONE,
)
SESSIONS = kit.PriceTable(
    "Session runtime",
    {
        "SKU": kit.Model(),
        "Rate": kit.Price(Meter.HOURS),
        "Metering": kit.Ignored("says when the session counts"),
    },
    terms=USD,
    expect=kit.NONE_OR_ONE,
)
TOOLS = (
    kit.Sentence(
        r"(?:is billed at )?(?P<price>\$\S+(?: USD)? per (?:session-)?hour(?:,? per container)?)",
        kit.Terms(Meter.HOURS, model="Code execution tool"),
        section="Code execution(?: tool)?",
        expect=kit.NONE_OR_ONE,
    ),
    kit.Sentence(
        r"(?:available on the Claude API for )?(?P<price>\$\S+(?: USD)? per 1,000 searches)",
        kit.Terms(Meter.SEARCHES, model="Web search tool"),
        section="Web search(?: tool)?",
        expect=kit.NONE_OR_ONE,
    ),
)
US_ONLY = kit.Multiplier(
    "us-only inference",
    r"For (?P<scope>[^.]*(?:\d\.\d[^.]*)*), (?:specifying )?US-only inference .*? "
    r"(?:incurs|applies|adds) an? "
    r"(?P<factor>[\d.]+x) multiplier",
    section="Data residency pricing",
)
INTRODUCTORY = kit.Repeats(r"introductory|standard pric", section="Model pricing")
END = "Frequently asked questions|FAQs?|Additional pricing considerations|Billing(?: and payment)?"
"""Sections that end the page; a page without one is cut off."""
DOCS = kit.Form(
    "docs",
    recognise=kit.has_heading("Model pricing", BATCH_SECTION, END),
    tables=(MODELS, FAST, BATCH, LONG_CONTEXT, SESSIONS, *TOOLS, US_ONLY, INTRODUCTORY),
    ignored=(
        kit.Unread(
            "an increase called off", "Model pricing", r"increase .* will not (?:occur|happen)"
        ),
        kit.Unread(
            "consumption units of a marketplace bill", "Claude (?:Platform )?(?:on|in) .+ pricing"
        ),
        kit.Unread("a worked example", r".*\bexamples?"),
        kit.Unread("repeats the price of web search", "Tokens", r"incurs the standard \$\S+ per"),
    ),
)

CARDS = kit.Form(
    "cards",
    recognise=kit.has_text(r'class="card_pricing_api_wrap', r"/ MTok"),
    part="[role=tabpanel]:has(.card_pricing_api_wrap)",
    cards=(
        kit.Cards(
            card=".card_pricing_api_wrap",
            title=".card_pricing_title_text",
            row=".tokens_main_wrap",
            label=".tokens_main_label",
            value=".tokens_main_val",
        ),
    ),
    tables=(
        kit.PriceTable(
            None,
            {
                **kit.columns("Model", "Input", "Output"),
                "Prompt caching / Write": kit.Price(Meter.CACHE_WRITE_TOKENS),
                "Prompt caching / Read": kit.Price(Meter.CACHE_READ_TOKENS),
            },
            terms=USD,
        ),
        kit.Sentence(
            r"^(?P<price>\S+ per session-hour)",
            kit.Terms(Meter.HOURS, model="Managed Agents"),
            after="Cost",
            expect=kit.NONE_OR_ONE,
        ),
        kit.Sentence(
            r"^(?P<price>\S+ / 1K searches)$",
            kit.Terms(Meter.SEARCHES, model="Web search"),
            after="Cost",
            expect=kit.NONE_OR_ONE,
        ),
        kit.Sentence(
            r"^(?P<price>\S+ per hour per container)$",
            kit.Terms(Meter.HOURS, model="Code execution"),
            after="Additional hours",
            expect=kit.NONE_OR_ONE,
        ),
    ),
)


class Anthropic(kit.Official):
    """Claude models, sold by their maker."""

    reader_version = 2
    documents = (
        kit.Document(
            "docs",
            "https://platform.claude.com/docs/en/about-claude/pricing.md",
            forms=(DOCS,),
            minimum_models=8,
            minimum_points=60,
        ),
        kit.Document(
            "pricing",
            "https://claude.com/pricing",
            forms=(CARDS,),
            minimum_models=6,
            minimum_points=24,
        ),
    )
