"""Lists of prices in JSON: declared fields are read exactly, others refused."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from catalog.money import plain
from catalog.reading import NotRead
from catalog.vocabulary import Meter, Unit
from spiders.embedded import next_data
from spiders.exact_json import Json, parse_json
from spiders.facts import Says, iso_day, unix_day
from spiders.field_price import FieldPrice, ignore, tokens
from spiders.page import Page
from spiders.price_list import Listing, PriceList
from spiders.records import other_than, part_of, values

INPUT, OUTPUT = Meter.INPUT_TOKENS, Meter.OUTPUT_TOKENS
PER_TOKEN = 1_000_000
GATEWAY = PriceList(
    records="data[]",
    model="id",
    prices={
        "pricing.prompt": FieldPrice(meter=INPUT, scale=PER_TOKEN, none=frozenset({"-1"})),
        "pricing.overrides[].prompt": FieldPrice(
            meter=INPUT, scale=PER_TOKEN, context_over="pricing.overrides[].min_prompt_tokens"
        ),
    },
    ignored={"pricing.request": "a flat fee a request, never charged"},
    facts={
        "context_length": "context_tokens",
        "modalities": "input_modalities",
        "created": Says("released_on", unix_day),
    },
    scores={"benchmarks.index": "quality-index"},
)


def gateway(pricing: str, more: str = "") -> Listing:
    return GATEWAY.listing(parse_json(f'{{"data": [{{"id": "m/a", "pricing": {pricing}{more}}}]}}'))


def flat(text: str, price: FieldPrice) -> Decimal:
    listed = PriceList(records="", model="id", prices={"price": price})
    return listed.listing(parse_json(text)).points[0].amount


def test_a_list_is_read_from_the_page_that_is_its_text_or_holds_it() -> None:
    top = '{"data": [{"id": "m/a", "pricing": {"prompt": "0.000001"}}]}'
    script = f'<html><script id="__NEXT_DATA__">{top}</script></html>'
    inside = replace(GATEWAY, data=lambda page: next_data(page.text))
    found = [GATEWAY.read(Page.of(top.encode())), inside.read(Page.of(script.encode()))]
    assert [plain(one.points[0].amount) for one in found] == ["1", "1"]


def test_a_price_per_token_is_scaled_exactly_and_quoted_as_printed() -> None:
    (point,) = gateway('{"prompt": "0.000000075"}').points
    assert (point.model, point.meter, point.unit) == ("m/a", INPUT, Unit.MILLION_TOKENS)
    assert point.amount == Decimal("0.075")
    assert point.evidence == '"prompt": "0.000000075"'
    assert point.locator == "data[0].pricing.prompt"


def test_a_number_printed_with_an_exponent_is_quoted_with_it() -> None:
    (point,) = gateway('{"prompt": 5e-07}').points
    assert (point.amount, point.evidence) == (Decimal("0.5"), '"prompt": 5e-07')


def test_a_declared_sentinel_is_no_price_and_zero_is_one() -> None:
    assert gateway('{"prompt": "-1"}').points == ()
    assert gateway('{"prompt": "0"}').points[0].amount == 0


@pytest.mark.parametrize("printed", ["0", "0.0", '"0.000000"', "0e-7"])
def test_a_declared_zero_is_no_price_however_it_is_printed(printed: str) -> None:
    listed = PriceList(
        records="", model="id", prices={"price": FieldPrice(meter=INPUT, none=frozenset({"0"}))}
    )
    assert listed.listing(parse_json(f'{{"id": "a", "price": {printed}}}')).points == ()


def test_an_absent_price_is_none_and_not_zero() -> None:
    assert (
        gateway("{}").points == gateway("null").points == gateway('{"prompt": null}').points == ()
    )


def test_an_undeclared_negative_is_refused() -> None:
    with pytest.raises(NotRead, match=r"data\[0\].pricing.prompt gives no price"):
        gateway('{"prompt": "-2"}')


def test_a_threshold_comes_from_the_field_beside_the_price() -> None:
    points = gateway(
        '{"prompt": "0.000001", "overrides": [{"min_prompt_tokens": 128000, "prompt": "2e-6"},'
        ' {"min_prompt_tokens": 256000, "prompt": "0.000004"}]}'
    ).points
    assert [p.context_over for p in points] == [0, 128000, 256000]
    assert [plain(p.amount) for p in points] == ["1", "2", "4"]


def test_a_threshold_that_is_missing_is_refused() -> None:
    with pytest.raises(NotRead, match="needs 'min_prompt_tokens' beside it"):
        gateway('{"overrides": [{"prompt": "0.000002"}]}')


@pytest.mark.parametrize(
    "pricing",
    ['{"completion": "0.1"}', '{"prompt": {"text": "1"}}', '{"tiers": [1]}', '{"overrides": [1]}'],
)
def test_an_unknown_field_of_a_pricing_object_changes_the_page(pricing: str) -> None:
    with pytest.raises(NotRead, match=r"page_changed: .* no rule names"):
        gateway(pricing)


def test_an_unknown_field_named_like_a_price_changes_the_page() -> None:
    with pytest.raises(NotRead, match="no rule names 'batch_cost'"):
        gateway("{}", ', "batch_cost": 1')


def test_an_ignored_field_is_counted_under_its_rule() -> None:
    assert gateway('{"request": "0"}').ignored == {"a flat fee a request, never charged": 1}


@pytest.mark.parametrize("printed", ['"$1"', '"1,5"', "true", '""', '"free"', "[1]"])
def test_only_a_plain_number_is_an_amount(printed: str) -> None:
    with pytest.raises(NotRead, match="which is no number"):
        gateway(f'{{"prompt": {printed}}}')


def test_facts_and_scores_are_read_where_declared() -> None:
    read = gateway(
        "{}",
        ', "context_length": 131072, "modalities": ["text", "image"], "created": 1749354054,'
        ' "benchmarks": {"index": 59.50}',
    )
    assert [(f.model, f.name, f.value, f.evidence) for f in read.facts] == [
        ("m/a", "context_tokens", "131072", '"context_length": 131072'),
        ("m/a", "input_modalities", "text, image", '"modalities": ["text", "image"]'),
        ("m/a", "released_on", "2025-06-08", '"created": 1749354054'),
    ]
    assert [(s.benchmark, s.score) for s in read.scores] == [("quality-index", Decimal("59.5"))]


def test_binary_noise_is_taken_off_only_where_declared_and_only_when_it_is_noise() -> None:
    noisy = FieldPrice(meter=INPUT, places=9)
    assert flat('{"id": "a", "price": 2.5999999999999996}', noisy) == Decimal("2.6")
    with pytest.raises(NotRead, match="more exact than 2 decimal places"):
        flat('{"id": "a", "price": 0.125}', replace(noisy, places=2))
    with pytest.raises(NotRead, match="more than 12 decimal places"):
        flat('{"id": "a", "price": 2.5999999999999996}', FieldPrice(meter=INPUT))


def test_one_field_may_be_the_price_of_several_meters() -> None:
    both = (FieldPrice(meter=INPUT), FieldPrice(meter=OUTPUT))
    listed = PriceList(records="", model="id", prices={"usd": both})
    points = listed.listing({"id": "a", "usd": Decimal("0.27")}).points
    assert [(p.meter, p.amount) for p in points] == [
        (INPUT, Decimal("0.27")),
        (OUTPUT, Decimal("0.27")),
    ]


def test_keys_name_models_and_providers() -> None:
    listed = PriceList(
        records="*.models.*",
        model="@",
        prices={"cost.input": FieldPrice(meter=INPUT)},
        columns={"provider": "^@", "region": lambda record: record.text("^area").lower()},
    )
    (point,) = listed.listing(
        parse_json('{"acme": {"area": "EU", "models": {"m.1": {"cost": {"input": 2}}}}}')
    ).points
    assert (point.provider, point.model, point.region) == ("acme", "m.1", "eu")
    assert point.locator == "acme.models.m.1.cost.input"


def test_a_record_may_take_its_model_from_the_object_around_it_and_its_dates_from_itself() -> None:
    listed = PriceList(
        records="models[].history[]",
        model="^id",
        prices={"input": FieldPrice(meter=INPUT)},
        columns={"valid_from": "since", "valid_to": "until"},
    )
    period = '{"input": 3, "since": "2026-01-02", "until": null}'
    (point,) = listed.listing(
        parse_json(f'{{"models": [{{"id": "m", "history": [{period}]}}]}}')
    ).points
    assert (point.model, point.valid_from, point.valid_to) == ("m", date(2026, 1, 2), None)


def test_a_model_listed_twice_under_one_key_gives_both_prices() -> None:
    listed = PriceList(records="*", model="@", prices={"input": FieldPrice(meter=INPUT)})
    points = listed.listing(parse_json('{"m": {"input": 1}, "m": {"input": 2}}')).points
    assert [(p.model, plain(p.amount)) for p in points] == [("m", "2"), ("m", "1")]


def test_a_price_stated_twice_in_one_object_is_refused() -> None:
    with pytest.raises(NotRead, match="states 'prompt' twice, differently"):
        gateway('{"prompt": "0.1", "prompt": "0.2"}')


def named(path: str, kind: str) -> FieldPrice | str | None:
    if path == "cost_per_day":
        return f"by the day, of {kind}"
    over = path.removeprefix("cost_above_")
    return FieldPrice(meter=INPUT, context_over=int(over)) if over.isdigit() else None


NAMED = PriceList(records="[]", model="id", prices={}, named=named, kind="mode")


def test_a_price_may_be_known_by_the_parts_of_its_fields_name() -> None:
    (point,) = NAMED.listing(parse_json('[{"id": "m", "cost_above_128000": 3}]')).points
    assert (point.context_over, plain(point.amount)) == (128000, "3")


def test_what_a_name_means_may_depend_on_the_kind_of_its_record() -> None:
    listed = NAMED.listing(
        parse_json(
            '[{"id": "m", "mode": "ocr", "cost_per_day": 3}, {"id": "n", "cost_per_day": 4}]'
        )
    )
    assert listed.points == ()
    assert listed.ignored == {"by the day, of ocr": 1, "by the day, of ": 1}


def test_a_name_that_the_rule_does_not_know_changes_the_page() -> None:
    with pytest.raises(NotRead, match="no rule names 'cost_on_sundays'"):
        NAMED.listing(parse_json('[{"id": "m", "cost_on_sundays": 3}]'))


@pytest.mark.parametrize(
    ("beside", "path"),
    [("[32000, 128000]", "tiers[].for"), ('{"size": 32000}', "tiers[].for.size")],
)
def test_a_threshold_may_be_the_start_of_a_range_or_stand_in_an_object(
    beside: str, path: str
) -> None:
    prices = {"tiers[].price": FieldPrice(meter=INPUT, context_over=path)}
    listed = PriceList(records="", model="id", prices=prices)
    (point,) = listed.listing(
        parse_json(f'{{"id": "m", "tiers": [{{"price": 2, "for": {beside}}}]}}')
    ).points
    assert point.context_over == 32000


@pytest.mark.parametrize(
    ("least", "over"),
    [(0, 0), (1, 0), (200001, 200000), (200000, 200000), (32769, 32768), (524288, 524288)],
)
def test_the_fewest_tokens_are_one_more_than_the_threshold_unless_they_are_round(
    least: int, over: int
) -> None:
    price = FieldPrice(meter=INPUT, context_from="bands[].least")
    listed = PriceList(records="", model="id", prices={"bands[].prices.input.usd": price})
    (point,) = listed.listing(
        parse_json(
            f'{{"id": "m", "bands": [{{"least": {least}, "prices": {{"input": {{"usd": 2}}}}}}]}}'
        )
    ).points
    assert point.context_over == over


def test_a_price_may_hold_in_one_region() -> None:
    listed = PriceList(
        records="", model="id", prices={"us.input": FieldPrice(meter=INPUT, region="us")}
    )
    (point,) = listed.listing(parse_json('{"id": "m", "us": {"input": 2}}')).points
    assert point.region == "us"


def test_a_record_in_a_list_may_ask_the_object_around_all() -> None:
    listed = PriceList(
        records="models[]",
        model="id",
        prices={"input": FieldPrice(meter=INPUT)},
        columns={"provider": "^vendor"},
    )
    (point,) = listed.listing(
        parse_json('{"vendor": "acme", "models": [{"id": "m", "input": 1}]}')
    ).points
    assert point.provider == "acme"


def test_skipped_records_are_counted_by_their_reason_and_not_read() -> None:
    listed = replace(GATEWAY, skipped={"a sample": lambda record: record.text("id") == "m/a"})
    read = listed.listing(parse_json('{"data": [{"id": "m/a", "pricing": {"odd": "prose"}}]}'))
    assert (read.points, read.ignored) == ((), {"a sample": 1})


@pytest.mark.parametrize(
    "top", [None, [], {"data": {}}, {"items": []}, {"data": ["a"]}, {"data": None}]
)
def test_a_list_that_is_not_where_it_must_be_changes_the_page(top: Json) -> None:
    with pytest.raises(NotRead, match="page_changed"):
        GATEWAY.listing(top)


def test_a_record_without_a_model_is_refused() -> None:
    with pytest.raises(NotRead, match="gives no price"):
        GATEWAY.listing(parse_json('{"data": [{"pricing": {"prompt": "1"}}]}'))


def test_days_are_read_or_refused() -> None:
    assert iso_day("2026-03-01T00:00:00Z") == "2026-03-01"
    with pytest.raises(NotRead, match="is no date"):
        iso_day("soon")


def test_fields_are_priced_by_their_usual_names() -> None:
    fields = tokens("pricing.{}.usd", "prompt", "completion", "input_cache_read", scale=2)
    assert {path: (price.meter, price.scale) for path, price in fields.items()} == {
        "pricing.prompt.usd": (Meter.INPUT_TOKENS, 2),
        "pricing.completion.usd": (Meter.OUTPUT_TOKENS, 2),
        "pricing.input_cache_read.usd": (Meter.CACHE_READ_TOKENS, 2),
    }


def test_the_field_that_says_for_which_prompts_may_be_named_like_the_price() -> None:
    [price] = tokens("{}_tiers[].cost", "input", context_from="{}_tiers[].min").values()
    assert price.context_from == "input_tiers[].min"


def test_a_name_that_is_not_usual_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="in_and_out"):
        tokens("{}", "in_and_out")


def test_fields_are_ignored_by_name_for_one_reason() -> None:
    assert ignore("a word", "type", "unit", within="price.{}") == {
        "price.type": "a word",
        "price.unit": "a word",
    }


def test_a_list_of_models_by_their_ids_needs_no_more_than_its_prices() -> None:
    listed = PriceList(prices=tokens("{}", "input"))
    (point,) = listed.listing(parse_json('{"data": [{"id": "a", "input": 1}]}')).points
    assert (point.model, point.amount) == ("a", Decimal(1))


def test_a_count_of_no_tokens_is_not_said() -> None:
    listed = PriceList(facts={"context": "context_tokens", "size": "parameters"})
    facts = listed.listing(parse_json('{"data": [{"id": "a", "context": 0, "size": 0}]}')).facts
    assert [(fact.name, fact.value) for fact in facts] == [("parameters", "0")]


def test_records_of_other_kinds_are_told_by_a_field() -> None:
    listed = PriceList(
        prices=tokens("{}", "input"), skipped={"no text": other_than("type", "text", "code")}
    )
    models = [{"id": "a", "type": "text", "input": 1}, {"id": "b", "type": "image", "input": 2}]
    read = listed.listing(parse_json(json.dumps({"data": models})))
    assert ([point.model for point in read.points], read.ignored) == (["a"], {"no text": 1})


def test_a_zero_of_records_that_are_filled_is_no_price() -> None:
    listed = PriceList(
        records="[]",
        prices=tokens("price.{}", "input"),
        named=lambda path, _: tokens(path, "output")[path] if path == "price.output" else None,
        filled=other_than("type", "text"),
    )
    page = parse_json(
        '[{"id": "words", "type": "text", "price": {"input": 0, "output": "0.0"}},'
        ' {"id": "pictures", "type": "image", "price": {"input": 0, "output": "0.0"}}]'
    )
    assert [p.model for p in listed.listing(page).points] == ["words", "words"]


def test_a_column_may_be_a_part_of_a_text() -> None:
    tier = part_of("id", ":(flex|batch)$", otherwise="standard")
    listed = PriceList(records="[]", prices=tokens("{}", "input"), columns={"tier": tier})
    page = parse_json('[{"id": "o3:flex", "input": 1}, {"id": "o3:free", "input": 2}]')
    assert [p.tier for p in listed.listing(page).points] == ["flex", "standard"]


def test_plain_values_are_found_with_the_key_that_they_stand_under() -> None:
    found = values(parse_json('{"math": ["amc", "aime"], "code": ["lcb"]}'), "*[]")
    assert [(value, at.around.key) for value, at in found if at.around] == [
        ("amc", "math"),
        ("aime", "math"),
        ("lcb", "code"),
    ]
