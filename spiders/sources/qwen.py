"""Alibaba Cloud Model Studio: its help site's JSON, which holds the pricing page as HTML, CNY."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from catalog.reading import Adjustment, PricePoint
from catalog.vocabulary import Meter
from spiders import kit

PER = r"\s*[（(]每(?=[^（）()]*Token){unit}[）)]"
INPUT = rf"输入(?:单价|成本){PER}"
OUTPUT = rf"输出(?:单价|成本){PER}"
THINKS = r"(?:思维链\s*[+和]\s*回答)"
GIVEN_AWAY = (r"目前仅供免费体验.*", r"已下线.*")
"""Models that may only be tried within a free quota, or that are gone, have no price."""

REGIONS = {
    ".*北京.*": kit.Terms(region="cn-beijing"),
    ".*新加坡.*": kit.Terms(region="singapore"),
    ".*弗吉尼亚.*": kit.Terms(region="us (virginia)"),
    ".*法兰克福.*": kit.Terms(region="germany (frankfurt)"),
    ".*东京.*": kit.Terms(region="japan (tokyo)"),
    ".*香港.*": kit.Terms(region="hong kong (china)"),
}
DEPLOYMENTS = {
    "国际|中国内地": kit.Terms(),
    "全球": kit.Terms(variant="global"),
    "美国|欧盟|日本": kit.Terms(variant="data zone"),
}
NOTES = {
    r"当前(?:能力)?(?:等同于?|与).*|始终等同.*|又称.*": kit.Terms(),
    r".*享有折扣|Batch ?调用半价": kit.Terms(),
    r"(?:属于|基于).*|(?:推荐|建议)使用.*|.*下线.*": kit.Terms(),
}
HALVED = re.compile(r"Batch ?调用半价")


def reasons(mode: str) -> str:
    """Read "非思考和思考模式" as "true"; a model may reason in one region and not in another."""
    found = re.fullmatch(r"(?P<only>仅?非思考)(?P<both>和思考)?(?:模式)?|仅?思考(?:模式)?", mode)
    if found is None:
        raise kit.changed(f"{mode!r} is no known mode; declare what it says")
    return "" if found["only"] and not found["both"] else "true"


TOKENS = kit.PriceTable(
    None,
    {
        r"模型|模型名称|模型 ?ID.*": kit.Model(read=kit.read_id, notes=NOTES),
        "模式": kit.States("reasoning", reasons),
        "服务部署范围": kit.Choice(DEPLOYMENTS, optional=True),
        "(?:单次请求的)?输入 ?Token ?(?:数量?|范围)": kit.Context(optional=True),
        rf"{INPUT} / (?:输入：)?文本": kit.Price(Meter.INPUT_TEXT_TOKENS, optional=True),
        rf"{INPUT} / (?:输入：)?文本/.*": kit.Price(Meter.INPUT_TOKENS, optional=True),
        rf"{INPUT} / (?:输入：)?音频": kit.Price(Meter.INPUT_AUDIO_TOKENS, optional=True),
        rf"{INPUT} / (?:输入：)?图片": kit.Price(Meter.INPUT_IMAGE_TOKENS, optional=True),
        rf"{INPUT} / (?:输入：)?视频": kit.Price(Meter.INPUT_VIDEO_TOKENS, optional=True),
        rf"{INPUT} / (?:输入：)?图片/视频": kit.Price(
            Meter.INPUT_TOKENS, said=frozenset({"image", "video"}), optional=True
        ),
        rf"{OUTPUT} / 非思考模式": kit.Price(
            Meter.OUTPUT_TOKENS, variant="non-thinking", optional=True
        ),
        rf"{OUTPUT} / 思考模式(?:[（(]{THINKS}[）)])?": kit.Price(
            Meter.OUTPUT_TOKENS, variant="thinking", optional=True
        ),
        rf"{OUTPUT} / (?:输出：)?文本": kit.Price(Meter.OUTPUT_TEXT_TOKENS, optional=True),
        rf"{OUTPUT} / 文本 仅纯文本输入": kit.Price(
            Meter.OUTPUT_TEXT_TOKENS, variant="text-only input", optional=True
        ),
        rf"{OUTPUT} / 文本 多模态输入": kit.Price(
            Meter.OUTPUT_TEXT_TOKENS, variant="multimodal input", optional=True
        ),
        rf"{OUTPUT} / (?:(?:输出：)?音频|文本\+音频 仅音频计费)": kit.Price(
            Meter.OUTPUT_AUDIO_TOKENS, optional=True
        ),
        INPUT: kit.Price(Meter.INPUT_TOKENS, optional=True, absent=GIVEN_AWAY),
        rf"{OUTPUT}(?:\s*{THINKS})?": kit.Price(
            Meter.OUTPUT_TOKENS, optional=True, absent=GIVEN_AWAY
        ),
        "免费额度.*": kit.Ignored("a free quota for newcomers"),
        "版本": kit.Ignored("whether the name is a pointer or a dated release"),
        "上下文长度.*": kit.States("context_tokens", kit.token_count),
        "最大(?:输出|回复).*": kit.States("max_output_tokens", kit.token_count),
    },
    terms=kit.Terms(currency="CNY"),
    headings=REGIONS,
    has=rf"{INPUT}.*",
    expect=kit.ONE_OR_MORE,
)


@dataclass(frozen=True)
class ToldApart:
    """A table whose price for one of two modes is no variant where the other mode has none."""

    table: kit.PriceTable
    pairs: tuple[frozenset[str], ...] = (
        frozenset({"thinking", "non-thinking"}),
        frozenset({"text-only input", "multimodal input"}),
    )

    def read(self, page: kit.Page) -> kit.Found:
        """Read the table, and drop the mode's name where it tells nothing apart."""
        found = self.table.read(page)
        return replace(found, points=tuple(map(_served_by, self._points(found.points))))

    def _points(self, points: Sequence[PricePoint]) -> Iterator[PricePoint]:
        for _, alike in groupby(points, key=_of_one_row):
            prices = tuple(alike)
            yield from prices if len(prices) > 1 else map(self._plain, prices)

    def _plain(self, price: PricePoint) -> PricePoint:
        words = price.variant.split(", ")
        kept = [word for word in words if not any(word in pair for pair in self.pairs)]
        return price.model_copy(update={"variant": ", ".join(kept)})


def _served_by(price: PricePoint) -> PricePoint:
    """Name who runs a model whose maker serves it through Alibaba Cloud: "kimi/kimi-k3"."""
    maker, slash, _ = price.model.partition("/")
    return price.model_copy(update={"provider": f"{maker.lower()}-at-alibaba"}) if slash else price


def _of_one_row(price: PricePoint) -> tuple[str, str, str]:
    row, _, _ = price.locator.rpartition(", column")
    return row, price.model, price.meter


@dataclass(frozen=True)
class Halved:
    """The models whose cell says that batch calls cost half."""

    def read(self, page: kit.Page) -> kit.Found:
        """Give one adjustment for each such model in each region."""
        return kit.Found(adjustments=tuple(dict.fromkeys(self._adjustments(page))))

    def _adjustments(self, page: kit.Page) -> Iterator[Adjustment]:
        for grid in page.grids:
            for row in grid.rows:
                model, *notes = row[0].text.split("\n")
                if any(HALVED.fullmatch(note) for note in notes):
                    where = next(h for h in reversed(grid.headings) if _is_region(h))
                    yield _half(f"{model}, {where}", row[0].text)


def _is_region(heading: str) -> bool:
    return any(re.fullmatch(pattern, heading) for pattern in REGIONS)


def _half(scope: str, said: str) -> Adjustment:
    return Adjustment(name="batch", factor=Decimal("0.5"), scope=scope, evidence=said)


CACHE = r"(?P<scope>部分模型支持上下文缓存).*显式缓存创建"
SHARE = r"(?P<share>[\d.]+%) ?计费"
MULTIPLIERS = (
    kit.Multiplier("explicit cache write", rf"{CACHE}按标准输入单价的 ?{SHARE}"),
    kit.Multiplier("explicit cache read", rf"{CACHE}.*命中按 ?{SHARE}"),
)
NOT_READ = (
    kit.Unread(
        "pictures, sound and video, priced by piece, second or character",
        section=".*(?:图像|图片|视频|音乐|语音|3D|声音).*",
        text=r"^(?!.*单价[^|]*Token)",
    ),
)


class Qwen(kit.Official):
    """What Alibaba Cloud sells in its regions: Qwen, and others' models, which it hosts."""

    cadence = kit.TWICE_A_DAY
    document = kit.Document(
        "zh",
        "https://help.aliyun.com/help/json/document_detail.json"
        "?alias=%2Fmodel-studio%2Fmodel-pricing&website=cn&language=zh",
        forms=(
            kit.Form(
                "zh",
                inside=("data", "content"),
                recognise=kit.has_text("模型", "输入(?:单价|成本|价格)|Token"),
                sections=True,
                tables=(ToldApart(TOKENS), Halved(), *MULTIPLIERS),
                ignored=NOT_READ,
            ),
        ),
        minimum_models=10,
        minimum_points=30,
    )
