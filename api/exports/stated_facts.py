"""What formats ask of a model beside its prices, in the words that sources state it in."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from api.exports.material import Material
from catalog.current.traits import Capability, capabilities, several, stated
from catalog.identity import Model

MODALITIES = ("text", "audio", "image", "video", "pdf")
_DAY = re.compile(r"\d{4}-\d\d(-\d\d)?")


def number(material: Material, model: Model, name: str) -> int | None:
    """Give a fact that is a whole number; None where it is not known."""
    value = text(material, model, name)
    return int(value) if value.isdecimal() else None


def text(material: Material, model: Model, name: str) -> str:
    """Give a fact as stated; empty where it is not known."""
    return stated(model, name, material.view.facts_of.get(model.id, ()))


def day(material: Material, model: Model, name: str) -> str | None:
    """Give a fact that is a day or a month; None where it is not known."""
    value = text(material, model, name)
    return value if _DAY.fullmatch(value) else None


def modalities(material: Material, model: Model, name: str) -> list[str]:
    """Give what a model takes or gives, in the usual order; nothing where it is not known."""
    said = words(material, model, name)
    return [one for one in MODALITIES if one in said]


def words(material: Material, model: Model, name: str) -> frozenset[str]:
    """Give the words of a fact that lists some; none where it is not known."""
    return several(text(material, model, name))


def can(material: Material, model: Model) -> frozenset[Capability]:
    """Give what a model is said to do."""
    return capabilities(model, material.view.facts_of.get(model.id, ()))


def first_seen(material: Material, series: Iterable[str]) -> datetime:
    """Give when the first of some prices is known to have held."""
    starts = [material.steps[one][0].since for one in series if material.steps.get(one)]
    return min(starts, default=datetime.fromtimestamp(0, UTC))
