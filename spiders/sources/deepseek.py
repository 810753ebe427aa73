"""DeepSeek: one table of its documentation, models in columns, in Chinese (CNY) and English."""

from datetime import timedelta

from catalog.vocabulary import Meter, SourceKind
from spiders.facts import token_count
from spiders.price_table import Ignored, Model, Price, PriceTable, States
from spiders.source import Document, Form, PriceSource, has_column

ADDRESS = Ignored("an address of the API")
FEATURE = Ignored("what the model can do")
LIMIT = Ignored("how many requests may run at once")

CHINESE = PriceTable(
    None,
    {
        "模型": Model(),
        "BASE URL.*": ADDRESS,
        "模型版本": Ignored("the dated release behind the name"),
        "思考模式|功能 / .*": FEATURE,
        "上下文长度": States("context_tokens", token_count),
        "输出长度": States("max_output_tokens", token_count),
        r"价格 / {unit}输入（缓存命中）(?: / {window})?": Price(Meter.CACHE_READ_TOKENS),
        r"价格 / {unit}输入（缓存未命中）(?: / {window})?": Price(Meter.INPUT_TOKENS),
        r"价格 / {unit}输出(?: / {window})?": Price(Meter.OUTPUT_TOKENS),
        "并发限制": LIMIT,
    },
    transposed=True,
)
ENGLISH = PriceTable(
    None,
    {
        "MODEL": Model(),
        "BASE URL.*": ADDRESS,
        "MODEL VERSION": Ignored("the dated release behind the name"),
        "THINKING MODE|FEATURES / .*": FEATURE,
        "CONTEXT LENGTH": States("context_tokens", token_count),
        "MAX OUTPUT": States("max_output_tokens", token_count),
        r"PRICING / (?=.*INPUT){unit} \(CACHE HIT\)(?: / {window})?": Price(
            Meter.CACHE_READ_TOKENS
        ),
        r"PRICING / (?=.*INPUT){unit} \(CACHE MISS\)(?: / {window})?": Price(Meter.INPUT_TOKENS),
        r"PRICING / (?=.*OUTPUT){unit}(?: / {window})?": Price(Meter.OUTPUT_TOKENS),
        "Concurrency Limit": LIMIT,
    },
    transposed=True,
)


class Deepseek(PriceSource):
    """DeepSeek's models, sold by their maker, cheaper outside peak hours since August 2026."""

    name = "deepseek"
    kind = SourceKind.OFFICIAL
    cadence = timedelta(hours=6)
    documents = (
        Document(
            "en",
            "https://api-docs.deepseek.com/quick_start/pricing",
            forms=(Form("en", recognise=has_column("MODEL"), tables=(ENGLISH,)),),
            minimum_points=3,
        ),
        Document(
            "zh-cn",
            "https://api-docs.deepseek.com/zh-cn/quick_start/pricing",
            forms=(Form("zh-cn", recognise=has_column("模型"), tables=(CHINESE,)),),
            minimum_points=3,
        ),
    )
