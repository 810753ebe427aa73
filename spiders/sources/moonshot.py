"""Moonshot AI: Kimi's documentation in Chinese (CNY) and English (USD), its tables as JSX data.

Until September 2026 each model family had a page of its own; before and since one page holds all.
"""

from collections.abc import Mapping, Sequence

from catalog.vocabulary import Meter
from spiders import embedded, kit

READ, WRITE = Meter.CACHE_READ_TOKENS, Meter.CACHE_WRITE_TOKENS
WRITE_1H = Meter.CACHE_WRITE_1H_TOKENS
ALL = r"(?:Model|模型).*(?:Pricing(?: Explanation)?|定价(?:说明)?|价格说明)"
"""How the page that holds all models is headed, as in the spring of 2026, too."""
SITES = {"en": "https://platform.kimi.ai", "zh": "https://platform.kimi.com"}
LANGUAGES = {
    "zh": kit.has_text("输入价格", "计费单位"),
    "en": kit.has_text("Input Price", "Output Price"),
}
FAMILIES = {
    "k3": r"Kimi K3",
    "k27-code": r"Kimi K2\.7 Code",
    "k26": r"Kimi K2\.6",
    "k25": r"Kimi K2\.5",
    "k2": r"Kimi[- ]K2",
    "v1": r"Moonshot V1",
}
"""The families that had pages of their own: a page without one withdraws nothing of it."""
COLUMNS: Mapping[str, kit.Role] = {
    "Unit|计费单位": kit.Per(),
    r"(?:Cache Write Price |缓存写入)[（(]TTL 5min[）)]": kit.Price(WRITE, optional=True),
    r"(?:Cache Write Price |缓存写入)[（(]TTL 1h[）)]": kit.Price(WRITE_1H, optional=True),
    r"Input Price \(Cache Hit\)|Cached Input Price|输入价格（缓存命中）": kit.Price(
        READ, optional=True
    ),
    r"Input Price(?: \(Cache Miss\))?|输入价格(?:（缓存未命中）)?": kit.Price(Meter.INPUT_TOKENS),
    "Output Price|输出价格": kit.Price(Meter.OUTPUT_TOKENS),
    "Context Window|上下文窗口": kit.States("context_tokens", kit.token_count),
}


OF_BATCH = kit.named_as(
    r"(?P<model>.+?)\s*[（(]Batch[）)]", "{} stands on the batch page and is not marked as batch"
)


def doc_tables(source: str) -> Sequence[kit.Grid]:
    """Read <DocTable columns={[{title: "Model"}]} rows={[[…]]} />, as a grid."""
    if not source.startswith("<DocTable"):
        return ()
    match embedded.jsx_component(source).props:
        case {"columns": [*columns], "rows": rows}:
            titles = [str(c["title"]) for c in columns if isinstance(c, dict) and "title" in c]
            return (embedded.grid(titles, rows, "DocTable"),)
    raise kit.changed(f"a DocTable has no columns and rows: {source[:80]!r}")


STANDARD = kit.PriceTable(None, {"Model|模型": kit.Model(), **COLUMNS}, expect=kit.ONE_OR_MORE)
BATCH = kit.PriceTable(
    None,
    {"Model|模型": kit.Model(read=OF_BATCH), **COLUMNS},
    terms=kit.Terms(tier="batch"),
    expect=kit.ONE_OR_MORE,
)


def form(language: str, part: str, heading: str, table: kit.PriceTable = STANDARD) -> kit.Form:
    """Declare the layout of one language's page with such a heading."""
    recognise = kit.all_of(LANGUAGES[language], kit.has_heading(heading))
    return kit.Form(f"{language}-{part}", recognise=recognise, tables=(table,), jsx=doc_tables)


def families(language: str) -> tuple[kit.Form, ...]:
    """Declare the pages that each held one family, by the family in their title."""
    pages = {part: rf"(?:.*\s)?{name}\s.*(?:Pricing|定价)" for part, name in FAMILIES.items()}
    return tuple(form(language, part, heading) for part, heading in pages.items())


class Moonshot(kit.Official):
    """Kimi and Moonshot models, sold by their maker in China and abroad."""

    documents = tuple(
        document
        for language, site in SITES.items()
        for document in (
            kit.Document(
                f"batch-{language}",
                f"{site}/docs/pricing/batch.md",
                forms=(form(language, "batch", r".*(?:Batch|批量).*(?:Pricing|定价)", BATCH),),
                minimum_points=3,
            ),
            kit.Document(
                f"chat-{language}",
                f"{site}/docs/pricing/chat.md",
                forms=(*families(language), form(language, "all", ALL)),
                minimum_points=2,
            ),
        )
    )
