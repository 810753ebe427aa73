"""Lines over time, drawn to a PNG."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 675
LEFT, RIGHT, TOP, BOTTOM = 80, 190, 96, 116
FINER = 2
"""Drawn so many times larger and made smaller, which smooths the lines."""
INK, QUIET, FAINT, PAPER = "#1b1f24", "#57606a", "#d8dee4", "#ffffff"
COLOURS = ("#1b1f24", "#0969da", "#1a7f37", "#bf8700", "#cf222e")
THIN, THICKER = 3, 1
"""The last line is thin and each before it thicker, so that lines in one place are all seen."""
TICKS = 8
ROUND = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))
LEAST_SPAN = Decimal(10)
"""Amounts that differ by less are drawn on a scale of so much: small moves look small."""
MONTHS_SHOWN = 12
LABEL_GAP = 20
LINE_GAP = 20

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
    ticks: tuple[Decimal, ...]

    @property
    def low(self) -> Decimal:
        """Give the amount at the foot."""
        return self.ticks[0]

    @property
    def high(self) -> Decimal:
        """Give the amount at the top."""
        return self.ticks[-1]

    def place(self, at: datetime, amount: Decimal) -> Place:
        across = (at - self.start) / (self.end - self.start)
        up = float((amount - self.low) / (self.high - self.low))
        return (
            LEFT + across * (WIDTH - LEFT - RIGHT),
            HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM),
        )


def draw(path: Path, title: str, about: str, notes: Sequence[str], lines: Sequence[Series]) -> None:
    """Draw lines to a PNG, ``about`` above them and ``notes`` below.

    Raises ValueError where no line has two moments.
    """
    frame = _frame(lines)
    image = Image.new("RGB", (WIDTH * FINER, HEIGHT * FINER), PAPER)
    pen = ImageDraw.Draw(image)
    _write(pen, (LEFT, 34), title, size=24, anchor="lm")
    _write(pen, (LEFT, 64), about, size=14, anchor="lm", colour=QUIET)
    for number, note in enumerate(reversed(notes)):
        place = (LEFT, HEIGHT - 24 - number * LINE_GAP)
        _write(pen, place, note, size=13, anchor="lm", colour=QUIET)
    _grid(pen, frame)
    _months(pen, frame, lines)
    ends: list[tuple[float, str, str]] = []
    for number, (line, colour) in enumerate(zip(lines, COLOURS, strict=False)):
        width = THIN + THICKER * (len(lines) - 1 - number)
        for run in line.runs:
            places = [_finer(frame.place(at, amount)) for at, amount in run]
            pen.line(places, fill=colour, width=width * FINER, joint="curve")
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
    return _Frame(min(moments), max(moments), ticks(min(amounts), max(amounts)))


def ticks(low: Decimal, high: Decimal) -> tuple[Decimal, ...]:
    """Give round amounts, evenly apart, from at most the lowest to at least the highest."""
    room = max(LEAST_SPAN - (high - low), Decimal(0)) / 2
    span = high - low + 2 * room
    scale = Decimal(1).scaleb((span / TICKS).adjusted())
    step = next(scale * one for one in ROUND if span / (scale * one) <= TICKS)
    first = ((low - room) / step).to_integral_value(ROUND_FLOOR)
    last = ((high + room) / step).to_integral_value(ROUND_CEILING)
    return tuple(step * number for number in range(max(int(first), 0), int(last) + 1))


def _grid(pen: ImageDraw.ImageDraw, frame: _Frame) -> None:
    for amount in frame.ticks:
        across, up = frame.place(frame.start, amount)
        pen.line([_finer((across, up)), _finer((WIDTH - RIGHT, up))], fill=FAINT, width=FINER)
        _write(pen, (across - 10, up), f"{amount:f}", size=14, anchor="rm")


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
