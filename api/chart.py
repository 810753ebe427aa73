"""Lines over time, drawn to a PNG."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 675
LEFT, RIGHT, TOP, BOTTOM = 80, 190, 70, 90
FINER = 2
"""Drawn so many times larger and made smaller, which smooths the lines."""
INK, FAINT, PAPER = "#1b1f24", "#d8dee4", "#ffffff"
COLOURS = ("#1b1f24", "#0969da", "#1a7f37", "#bf8700", "#cf222e")
TICKS = 6
MONTHS_SHOWN = 12
LABEL_GAP = 20

Place = tuple[float, float]


@dataclass(frozen=True)
class Series:
    """One named line, in one or more runs that are not joined, each in order of time."""

    name: str
    runs: Sequence[Sequence[tuple[datetime, Decimal]]]


@dataclass(frozen=True)
class _Frame:
    """From moments and amounts to places on the picture."""

    start: datetime
    end: datetime
    low: Decimal
    high: Decimal

    def place(self, at: datetime, amount: Decimal) -> Place:
        across = (at - self.start) / (self.end - self.start)
        up = float((amount - self.low) / (self.high - self.low))
        return (
            LEFT + across * (WIDTH - LEFT - RIGHT),
            HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM),
        )


def draw(path: Path, title: str, note: str, lines: Sequence[Series]) -> None:
    """Draw lines to a PNG; raises ValueError where no line has two moments."""
    frame = _frame(lines)
    image = Image.new("RGB", (WIDTH * FINER, HEIGHT * FINER), PAPER)
    pen = ImageDraw.Draw(image)
    _write(pen, (LEFT, TOP / 2), title, size=24, anchor="lm")
    _write(pen, (LEFT, HEIGHT - 24), note, size=13, anchor="lm")
    _grid(pen, frame)
    _months(pen, frame, lines)
    ends: list[tuple[float, str, str]] = []
    for line, colour in zip(lines, COLOURS, strict=False):
        for run in line.runs:
            places = [_finer(frame.place(at, amount)) for at, amount in run]
            pen.line(places, fill=colour, width=3 * FINER, joint="curve")
        if line.runs:
            at, amount = line.runs[-1][-1]
            ends.append((frame.place(at, amount)[1], f"{line.name} {amount:.1f}", colour))
    _names(pen, ends)
    image.resize((WIDTH, HEIGHT), Image.Resampling.BOX).save(path, "PNG", optimize=True)


def _frame(lines: Sequence[Series]) -> _Frame:
    points = [point for line in lines for run in line.runs for point in run]
    moments = [at for at, _ in points]
    if len(set(moments)) < len(("start", "end")):
        raise ValueError("there is nothing to draw: fewer than two points")
    amounts = [amount for _, amount in points]
    low, high = min(amounts), max(amounts)
    room = max((high - low) / 10, Decimal(1))
    return _Frame(min(moments), max(moments), max(low - room, Decimal(0)), high + room)


def _grid(pen: ImageDraw.ImageDraw, frame: _Frame) -> None:
    for tick in range(TICKS):
        amount = frame.low + (frame.high - frame.low) * tick / (TICKS - 1)
        across, up = frame.place(frame.start, amount)
        pen.line([_finer((across, up)), _finer((WIDTH - RIGHT, up))], fill=FAINT, width=FINER)
        _write(pen, (across - 10, up), f"{amount:.1f}", size=14, anchor="rm")


def _months(pen: ImageDraw.ImageDraw, frame: _Frame, lines: Sequence[Series]) -> None:
    moments = sorted({at for line in lines for run in line.runs for at, _ in run})
    starts = [at for at in moments if at.day == 1]
    for at in starts[:: max(1, -(-len(starts) // MONTHS_SHOWN))]:
        across, up = frame.place(at, frame.low)
        pen.line([_finer((across, up)), _finer((across, up + 6))], fill=INK, width=FINER)
        _write(pen, (across, up + 18), f"{at:%Y-%m}", size=14, anchor="mm")


def _names(pen: ImageDraw.ImageDraw, ends: Sequence[tuple[float, str, str]]) -> None:
    """Name each line where it ends; names that would touch are moved down."""
    last = float("-inf")
    for up, name, colour in sorted(ends):
        last = max(up, last + LABEL_GAP)
        _write(pen, (WIDTH - RIGHT + 12, last), name, size=16, anchor="lm", colour=colour)


def _write(  # noqa: PLR0913 what is written, where, and how it looks
    pen: ImageDraw.ImageDraw,
    place: Place,
    text: str,
    *,
    size: int,
    anchor: str,
    colour: str = INK,
) -> None:
    font = ImageFont.load_default(size * FINER)
    pen.text(_finer(place), text, fill=colour, font=font, anchor=anchor)


def _finer(place: Place) -> Place:
    return (place[0] * FINER, place[1] * FINER)
