"""What goes out, the same everywhere: the base of every JSON shape, moments, decimals, and meta."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer

from catalog.moments import print_moment

Moment = Annotated[AwareDatetime, PlainSerializer(print_moment, return_type=str)]
Amount = Annotated[str, Field(examples=["0.075"], pattern=r"^-?\d+(\.\d+)?$")]
"""An exact decimal, as text: no exponent, no trailing zeros."""


class Shape(BaseModel):
    """An answer, or a part of one."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Made(BaseModel):
    """A base, beside another one, of what is made at run time: looking for its source is slow."""

    model_config = ConfigDict(use_attribute_docstrings=False)


class Meta(Shape):
    """Which state of the catalog was asked."""

    sequence: int
    """The last event of the log that this answer takes in; pass it to /changes?since=."""
    as_of: Moment
    """Prices that held at this moment; asked for now, when what holds now came to be so."""
    known_at: Moment
    """As recorded by this moment; asked for now, when the catalog last took something in."""
