"""Amazon Bedrock: the AWS price list of one region (JSON), products beside their terms."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from catalog.vocabulary import Meter, Unit
from spiders import kit

TOKENS = {
    "1K tokens": kit.Measure(Unit.MILLION_TOKENS, Decimal(1000)),
    "1M tokens": kit.Measure(Unit.MILLION_TOKENS, Decimal(1_000_000)),
}
COUNTED = {
    **{word: word for word in ("input", "output", "write", "training", "audio", "image", "video")},
    "cache": "cached",
    "text": "text alone",
    "speech": "audio",
}
TIERS = frozenset({"batch", "flex", "priority"})
VARIANTS = {"custom": "fine-tuned", "mantle": "mantle", "global": "global", "30m": "30m"}
"""Words that tell prices of one meter apart; "mantle" is an endpoint with meters of its own."""
READ_OVER = frozenset({"tokens", "token", "count", "prompt", "read", "standard", "5m", "1h"})
KNOWN = {*COUNTED, *TIERS, *VARIANTS, *READ_OVER}
FEATURES = {
    "": frozenset[str](),
    "On-demand Inference": frozenset[str](),
    "Batch Inference": frozenset({"batch"}),
    "Model Customization": frozenset({"custom"}),
}
LONG = re.compile(r"long[ _-]?c(?:on)?te?x", re.IGNORECASE)
COMMITMENT = re.compile(r"Provisioned Throughput Inference - (no commit|\d+ months?)")
NAMES = ("model", "titanModel", "titanModelUnit")


def rates(page: kit.Page) -> kit.Json:
    """Put each price beside its product, by its rate code."""
    top = kit.Record(page.data if isinstance(page.data, Mapping) else {}, "")
    products, terms = top.at("products"), top.at("terms")
    if not isinstance(products, Mapping) or not isinstance(terms, Mapping):
        raise kit.changed("the list has no products beside terms")
    sold = terms.get("OnDemand")
    if terms.keys() != {"OnDemand"} or not isinstance(sold, Mapping):
        raise kit.changed(f"the list has other terms than OnDemand: {', '.join(terms)}")
    if unknown := sold.keys() - products.keys():
        raise kit.changed(f"the list has terms of products that it does not hold: {min(unknown)}")
    found = kit.records(page.data, "terms.OnDemand.*.*.priceDimensions.*")
    return {rate.key: _beside(rate, products) for rate in found}


def _beside(rate: kit.Record, products: Mapping[str, kit.Json]) -> kit.Json:
    product = kit.Record(products, "").at(f"{rate.text('^sku')}.attributes")
    return {"product": product, "from": rate.at("^effectiveDate"), "price": rate.value}


def meter(rate: kit.Record) -> kit.Terms | kit.Ignored | None:
    """Say what a rate is the price of."""
    counted = _counted(rate)
    if not isinstance(counted, kit.Terms):
        return counted
    if (rate.text("price.beginRange"), rate.text("price.endRange")) != ("0", "Inf"):
        raise kit.changed(f"{rate.locator} holds for a range of use only; see what that means")
    return counted.under(
        kit.Terms(
            model=next((rate.text(f"product.{n}") for n in NAMES if rate.at(f"product.{n}")), None),
            region=rate.text("product.regionCode"),
            currency="USD",
            valid_from=date.fromisoformat(kit.iso_day(rate.at("from"))),
        )
    )


def _counted(rate: kit.Record) -> kit.Terms | kit.Ignored | None:
    unit, feature = rate.text("price.unit"), rate.text("product.feature")
    if unit in TOKENS:
        return _tokens(rate, TOKENS[unit], feature)
    if unit == "image":
        size = rate.text("product.inferenceType").lower()
        return kit.Terms(Meter.IMAGES, unit=Unit.IMAGE, variant=size) if size else None
    if unit == "hour" and (commitment := COMMITMENT.fullmatch(feature)):
        return kit.Terms(Meter.HOURS, unit=Unit.HOUR, variant=commitment[1])
    return kit.Ignored("not counted in tokens, images or hours of model units")


def _tokens(rate: kit.Record, measure: kit.Measure, feature: str) -> kit.Terms | None:
    """Read what the product says of its tokens; None where it has words of unknown meaning."""
    kind = rate.text("product.inferenceType") or rate.text("product.featureType")
    words = kit.words_in(f"{kind} {rate.text('product.service_tier')}")
    usage, said = rate.text("product.usagetype"), rate.text("price.description")
    if feature not in FEATURES or words - KNOWN or _contradicts(said, rate.text("price.unit")):
        return None
    marks = words | FEATURES[feature] | (kit.words_in(usage) & {*TIERS, *VARIANTS})
    counted = frozenset(COUNTED[word] for word in words if word in COUNTED)
    if len(marks & TIERS) > 1 or not counted & {"input", "output", "cached", "training"}:
        return None
    marks -= {"custom"} if "training" in counted else set()
    lasting = "1h" in words
    return kit.Terms(
        Meter.CACHE_WRITE_1H_TOKENS if lasting else None,
        tier=next(iter(marks & TIERS), None),
        context_over=1 if LONG.search(f"{usage} {said}") else None,
        variant=", ".join(VARIANTS[word] for word in VARIANTS if word in marks) or None,
        unit=measure,
        said=frozenset() if lasting else counted,
    )


def _contradicts(said: str, unit: str) -> bool:
    per = re.search(r"\bper (1[KM])\b", said)
    return per is not None and not unit.startswith(per[1])


RATES = kit.MeterList(
    records="*",
    amount="price.pricePerUnit.USD",
    terms=meter,
    quoted=("product.usagetype", "price.unit"),
    data=rates,
)
IS_LIST = kit.all_of(kit.json_with("OnDemand"), kit.has_text('"AmazonBedrock"'))


class Bedrock(kit.Official):
    """Amazon's models and others', as Bedrock sells them in one region."""

    cadence = kit.DAILY
    document = kit.Document(
        "us-east-1",
        "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonBedrock/current/us-east-1"
        "/index.json",
        (kit.Form("price-list", IS_LIST, (RATES,)),),
        minimum_models=2,
        minimum_points=4,
    )
