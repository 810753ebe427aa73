"""Volcengine Ark: one rendered documentation page, prices by prompt and by output length, CNY."""

import re
from decimal import Decimal

from catalog.money import plain
from catalog.vocabulary import Meter
from spiders import kit

URL = "https://docs.volcengine.com/docs/82379/1544106?lang=zh"
CNY = kit.Terms(currency="CNY")
PER = r"\s*[（(]?{currency}/{unit}[）)]?"
"""How each heading ends: 元/百万token."""
MODEL = r"模型|模型名称|基础模型(?: ?ID)?|精调模型对应的基础模型"
_RANGE = r"[\[(]\s*(?P<{0}low>[\d.]+)\s*,\s*(?P<{0}high>[\d.]+|\+?∞)\s*[\])]"
_LENGTHS = re.compile(
    rf"输入长度\s*(?P<input>{_RANGE.format('in_')})(?:\s*且?输出长度\s*{_RANGE.format('')})?"
)


def lengths(text: str) -> kit.Terms | None:
    """Read prompt and output lengths in thousands: "输入长度 [0, 32] 且输出长度 (0.2,+∞)"."""
    if kit.absence(text):
        return kit.Terms()
    found = _LENGTHS.fullmatch(text.replace("\n", " "))
    if found is None:
        return None
    context = kit.read_bound(found["input"], thousands=True)
    return kit.Terms(context_over=context, variant=_output(found["low"], found["high"]))


def _output(low: str | None, high: str | None) -> str | None:
    if low is None or high is None:
        return None
    over = f"> {_thousand(low)}" if Decimal(low) else ""
    up_to = "" if high.endswith("∞") else f"<= {_thousand(high)}"
    return f"output {' and '.join(filter(None, (over, up_to)))} tokens"


def _thousand(number: str) -> str:
    return plain(Decimal(number) * 1000)


INFERENCE = kit.PriceTable(
    None,
    {
        MODEL: kit.Model(read=kit.read_id),
        r"条件\s*[（(]?千 ?token[）)]?": kit.Condition(lengths, optional=True),
        rf"输入(?:[（(]非音频[）)])?{PER}": kit.Price(Meter.INPUT_TOKENS),
        rf"输入[（(]音频[）)]{PER}": kit.Price(Meter.INPUT_AUDIO_TOKENS, optional=True),
        rf"缓存存储{PER}": kit.Price(Meter.CACHE_STORAGE, optional=True),
        rf"缓存命中(?:[（(]非音频[）)])?{PER}": kit.Price(Meter.CACHE_READ_TOKENS, optional=True),
        rf"缓存命中[（(]音频[）)]{PER}": kit.Price(Meter.CACHE_READ_AUDIO_TOKENS, optional=True),
        rf"输出{PER}": kit.Price(Meter.OUTPUT_TOKENS),
    },
    terms=CNY,
    headings={
        "在线推理(?:[（(]常规[）)])?": kit.Terms(tier="standard"),
        "在线推理[（(]低延迟[）)]": kit.Terms(tier="low-latency"),
        "批量推理": kit.Terms(tier="batch"),
        "推理-在线推理": kit.Terms(tier="standard", variant="fine-tuned"),
        "推理-批量推理": kit.Terms(tier="batch", variant="fine-tuned"),
    },
    expect=kit.ONE_OR_MORE,
)
EMBEDDING = kit.PriceTable(
    "向量模型",
    {
        MODEL: kit.Model(read=kit.read_id),
        rf"输入{PER}": kit.Price(Meter.INPUT_TOKENS, optional=True),
        rf"文本输入{PER}": kit.Price(Meter.INPUT_TEXT_TOKENS, optional=True),
        rf"图片输入{PER}": kit.Price(Meter.INPUT_IMAGE_TOKENS, optional=True),
    },
    terms=CNY,
    expect=kit.NONE_OR_ONE,
)
TUNING = kit.PriceTable(
    "精调-按 ?token ?后付费",
    {
        MODEL: kit.Model(read=kit.read_id),
        rf"LoRA ?精调{PER}": kit.Price(Meter.TRAINING_TOKENS, variant="lora"),
        rf"全量精调{PER}": kit.Price(Meter.TRAINING_TOKENS, variant="full"),
    },
    terms=CNY,
    expect=kit.NONE_OR_ONE,
)
NOT_READ = (
    kit.Unread("an example of a bill", text="^举例"),
    kit.Unread("throughput bought by the hour or day", section="在线推理[（(]TPM ?保障包[）)]"),
    kit.Unread("machines by the hour or month", section="精调-按算力付费|模型单元"),
    kit.Unread("pictures, video and 3D objects", section="(?:视频|图片|3D ?)生成模型"),
    kit.Unread("agents, tools and stores of knowledge", section="Managed Agents|工具及插件"),
    kit.Unread("subscriptions", section="(?:Coding|Agent) Plan.*"),
)
IS_PAGE = kit.has_column(MODEL, "输入.*token.*")
PAGE = kit.Form("zh", IS_PAGE, (INFERENCE, EMBEDDING, TUNING), ignored=NOT_READ)


class Volcengine(kit.Official):
    """What Ark sells: its own Doubao models, and GLM and DeepSeek, which it hosts."""

    provider = "bytedance"
    cadence = kit.TWICE_A_DAY
    document = kit.Document(
        "zh", URL, (PAGE,), minimum_models=8, minimum_points=30, browser=True, wait_for="table"
    )
