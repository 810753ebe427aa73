"""Anthropic: the pricing page of its documentation (markdown) and claude.com/pricing (cards)."""

from datetime import timedelta

from catalog.vocabulary import Meter, SourceKind
from spiders.html_grids import Cards
from spiders.ledger import Unread
from spiders.names import read_bounded_names
from spiders.price_table import (
    NONE_OR_ONE,
    Above,
    Context,
    Ignored,
    Model,
    Price,
    PriceTable,
)
from spiders.sentence import Multiplier, Repeats, Sentence
from spiders.source import Document, Form, PriceSource, has_heading, has_text
from spiders.terms import Terms

USD = Terms(currency="USD")
NAME = Model(read=read_bounded_names)
STATUS = Ignored("says whether the model can be had")

MODELS = PriceTable(
    "Model pricing",
    {
        "Model": NAME,
        "Base input tokens": Price(Meter.INPUT_TOKENS),
        "5m cache writes": Price(Meter.CACHE_WRITE_TOKENS),
        "1h cache writes": Price(Meter.CACHE_WRITE_1H_TOKENS),
        "Cache (?:hits|reads)(?: (?:&|and) refreshes)?": Price(Meter.CACHE_READ_TOKENS),
        "Output tokens": Price(Meter.OUTPUT_TOKENS),
        "Availability|Status": STATUS,
    },
    terms=USD,
)
FAST = PriceTable(
    "Fast mode(?: pricing)?",
    {
        "Model": Model(read=read_bounded_names, optional=True),
        "Context window": Context(optional=True),
        "Input": Price(Meter.INPUT_TOKENS),
        "Output": Price(Meter.OUTPUT_TOKENS),
    },
    terms=Terms(tier="fast", currency="USD"),
    model=Above(r"supported on (?P<names>[^:]+):$", prefix="Claude "),
    expect=NONE_OR_ONE,
)
BATCH_SECTION = "Batch (?:processing|API)(?: pricing)?"
BATCH = PriceTable(
    BATCH_SECTION,
    {
        "Model": NAME,
        "Batch input(?: tokens)?": Price(Meter.INPUT_TOKENS),
        "Batch output(?: tokens)?": Price(Meter.OUTPUT_TOKENS),
        "Availability|Status": STATUS,
    },
    terms=Terms(tier="batch", currency="USD"),
)
LONG_CONTEXT = PriceTable(
    "Long context pricing",
    {
        "Model": Model(optional=True, carried=True),
        "(?=≤|<=|>){context} input tokens": Price(),
    },
    terms=USD,
    model=Above(r"When using (?P<names>.+?) with the 1M", prefix="Claude "),
    expect=NONE_OR_ONE,
)
SESSIONS = PriceTable(
    "Session runtime",
    {
        "SKU": Model(),
        "Rate": Price(Meter.HOURS),
        "Metering": Ignored("says when the session counts"),
    },
    terms=USD,
    expect=NONE_OR_ONE,
)
TOOLS = (
    Sentence(
        r"(?:is billed at )?(?P<price>\$\S+(?: USD)? per (?:session-)?hour(?:,? per container)?)",
        Terms(Meter.HOURS, model="Code execution tool"),
        section="Code execution(?: tool)?",
        expect=NONE_OR_ONE,
    ),
    Sentence(
        r"(?:available on the Claude API for )?(?P<price>\$\S+(?: USD)? per 1,000 searches)",
        Terms(Meter.SEARCHES, model="Web search tool"),
        section="Web search(?: tool)?",
        expect=NONE_OR_ONE,
    ),
)
US_ONLY = Multiplier(
    "us-only inference",
    r"For (?P<scope>[^.]*(?:\d\.\d[^.]*)*), (?:specifying )?US-only inference .*? "
    r"(?:incurs|applies|adds) an? "
    r"(?P<factor>[\d.]+x) multiplier",
    section="Data residency pricing",
)
INTRODUCTORY = Repeats(r"introductory|standard pric", section="Model pricing")
END = "Frequently asked questions|FAQs?|Additional pricing considerations|Billing(?: and payment)?"
"""Sections that end the page; a page without one is cut off."""
DOCS = Form(
    "docs",
    recognise=has_heading("Model pricing", BATCH_SECTION, END),
    tables=(MODELS, FAST, BATCH, LONG_CONTEXT, SESSIONS, *TOOLS, US_ONLY, INTRODUCTORY),
    ignored=(
        Unread("an increase called off", "Model pricing", r"increase .* will not (?:occur|happen)"),
        Unread(
            "consumption units of a marketplace bill", "Claude (?:Platform )?(?:on|in) .+ pricing"
        ),
        Unread("a worked example", r".*\bexamples?"),
        Unread("repeats the price of web search", "Tokens", r"incurs the standard \$\S+ per"),
    ),
)

CARDS = Form(
    "cards",
    recognise=has_text(r'class="card_pricing_api_wrap', r"/ MTok"),
    part="[role=tabpanel]:has(.card_pricing_api_wrap)",
    cards=(
        Cards(
            card=".card_pricing_api_wrap",
            title=".card_pricing_title_text",
            row=".tokens_main_wrap",
            label=".tokens_main_label",
            value=".tokens_main_val",
        ),
    ),
    tables=(
        PriceTable(
            None,
            {
                "Model": Model(),
                "Input": Price(Meter.INPUT_TOKENS),
                "Output": Price(Meter.OUTPUT_TOKENS),
                "Prompt caching / Write": Price(Meter.CACHE_WRITE_TOKENS),
                "Prompt caching / Read": Price(Meter.CACHE_READ_TOKENS),
            },
            terms=USD,
        ),
        Sentence(
            r"^(?P<price>\S+ per session-hour)",
            Terms(Meter.HOURS, model="Managed Agents"),
            after="Cost",
            expect=NONE_OR_ONE,
        ),
        Sentence(
            r"^(?P<price>\S+ / 1K searches)$",
            Terms(Meter.SEARCHES, model="Web search"),
            after="Cost",
            expect=NONE_OR_ONE,
        ),
        Sentence(
            r"^(?P<price>\S+ per hour per container)$",
            Terms(Meter.HOURS, model="Code execution"),
            after="Additional hours",
            expect=NONE_OR_ONE,
        ),
    ),
)


class Anthropic(PriceSource):
    """Claude models, sold by their maker."""

    name = "anthropic"
    kind = SourceKind.OFFICIAL
    cadence = timedelta(hours=6)
    reader_version = 2
    documents = (
        Document(
            "docs",
            "https://platform.claude.com/docs/en/about-claude/pricing.md",
            forms=(DOCS,),
            minimum_models=8,
            minimum_points=60,
        ),
        Document(
            "pricing",
            "https://claude.com/pricing",
            forms=(CARDS,),
            minimum_models=6,
            minimum_points=24,
        ),
    )
