"""A billing meter's name says what its price is for, in words from a closed list."""

import json
from decimal import Decimal

import pytest

from catalog.reading import NotRead
from catalog.vocabulary import Unit
from spiders.columns import Ignored
from spiders.measures import Measure
from spiders.meter_list import MeterList, take_words, words_in
from spiders.page import Page
from spiders.reader import Found
from spiders.records import Record
from spiders.terms import Terms

WORDS = {
    "in(?:p(?:u?t)?)?": Terms(said=frozenset({"input"})),
    "cached|cd": Terms(said=frozenset({"cached"})),
    "batch": Terms(tier="batch"),
    "ft": Terms(variant="fine-tuned"),
    "gl(?:bl)?": Terms(variant="global"),
}
LOOSE = {"aud(?:io)?": Terms(said=frozenset({"audio"})), "image": Terms(said=frozenset({"image"}))}


def meter(record: Record) -> Terms | Ignored | None:
    name = record.text("name")
    if name.endswith("hours"):
        return Ignored("machines")
    worded = take_words(name, WORDS)
    unit = Measure(Unit.MILLION_TOKENS, Decimal(1000))
    said = Terms(model=worded.name, currency="USD", unit=unit).under(worded.terms)
    return said if said.said and not worded.after else None


METERS = MeterList(records="[]", amount="price", terms=meter, quoted=("name",))


def found(*names: str, **more: str) -> Found:
    listed = [{"name": name, "price": "0.002", **more} for name in names]
    return METERS.read(Page.of(json.dumps(listed).encode()))


def test_the_words_are_taken_out_and_the_model_is_left() -> None:
    worded = take_words("gpt-4o-0806-cached-FT-inp-glbl", WORDS)
    assert worded.name == "gpt-4o-0806"
    assert worded.terms.said == {"cached", "input"}
    assert worded.terms.variant == "fine-tuned, global"


def test_words_run_together_in_camel_case_are_two() -> None:
    worded = take_words("mini0718 BatchInp", WORDS)
    assert (worded.name, worded.terms.tier) == ("mini0718", "batch")
    assert worded.terms.said == {"input"}


@pytest.mark.parametrize("name", ["GLM 5.2", "Ministral 3B", "Command A", "cdx 1", "Inputer 2"])
def test_a_word_within_another_is_none(name: str) -> None:
    assert take_words(name, WORDS).name == name


def test_a_loose_word_next_to_another_is_taken_out() -> None:
    worded = take_words("Image 2.5 Image Inp gl", WORDS, LOOSE)
    assert worded.name == "Image 2.5"
    assert worded.terms.said == {"image", "input"}


def test_a_loose_word_that_stands_alone_counts_and_stays() -> None:
    worded = take_words("gpt rt aud 0828 Inp gl", WORDS, LOOSE)
    assert worded.name == "gpt rt aud 0828"
    assert worded.terms.said == {"audio", "input"}


def test_what_stands_behind_the_words_is_told_apart() -> None:
    worded = take_words("gpt rt Inp gl 1215", WORDS)
    assert (worded.name, worded.after) == ("gpt rt", "1215")


def test_a_meter_is_one_price_with_its_words_as_evidence() -> None:
    (price,) = found("large cd inp gl", currency="USD").points
    assert (price.model, price.meter, price.variant) == ("large", "cache_read_tokens", "global")
    assert price.amount == 2
    assert price.evidence == "large cd inp gl | 0.002"
    assert price.locator == "[0].price"


def test_what_is_ignored_by_name_states_no_price() -> None:
    assert found("large hours").points == ()


def test_a_few_meters_of_unknown_words_are_left_out() -> None:
    known = [f"model {n} inp" for n in range(19)]
    assert len(found(*known, "model inp xyz").points) == 19


def test_a_list_with_more_of_them_has_changed_and_is_refused() -> None:
    known = [f"model {n} inp" for n in range(18)]
    with pytest.raises(NotRead, match=r"1 meters of 19 .* model inp xyz"):
        found(*known, "model inp xyz")


def test_another_field_that_speaks_of_prices_is_refused() -> None:
    with pytest.raises(NotRead, match=r"has the fields \['listPrice'\]"):
        found("large inp", listPrice="0.003")


def test_words_are_told_apart_by_anything_but_letters_and_digits() -> None:
    assert words_in("USE1-Nova2.0Lite-input-tokens") == {
        *["use1", "nova2", "0lite", "input", "tokens"]
    }
