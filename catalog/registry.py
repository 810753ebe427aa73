"""Who sells what: the tables of providers, models and aliases, filled from the identity files."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from catalog.store import Base, BigId


class Provider(Base):
    """Who sells inference."""

    __tablename__ = "providers"

    name: Mapped[str] = mapped_column(primary_key=True)


class Model(Base):
    """What is run, neutral of who sells it."""

    __tablename__ = "models"

    id: Mapped[str] = mapped_column(primary_key=True)
    """Maker and name: anthropic/claude-opus-4.7."""
    maker: Mapped[str]
    name: Mapped[str]
    family: Mapped[str]
    kind: Mapped[str]
    """``model`` is listed and ranked, ``tool`` is priced only."""


class Alias(Base):
    """A printed name that stands for a model."""

    __tablename__ = "aliases"
    __table_args__ = (UniqueConstraint("source", "printed"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    source: Mapped[str]
    """The one source that prints it so; empty for all."""
    printed: Mapped[str]
    model: Mapped[str] = mapped_column(ForeignKey("models.id"))
    edge: Mapped[str]
    why: Mapped[str]
