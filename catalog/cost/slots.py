"""All that an offer states of one meter, ready to find a usage's rate by."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from catalog.cost.counted import Counted
from catalog.cost.rates import Found, Rate, Timeline, in_doubt, noted
from catalog.cost.rules import FALLBACKS, Fallback, holds, never
from catalog.cost.windows import covers
from catalog.vocabulary import Meter, Precision

LONG = 1
"""A threshold that says "long" and no number."""


@dataclass(frozen=True, slots=True)
class Slot:
    """All that an offer states of one meter, by threshold of context, the longest first."""

    meter: Meter
    steps: tuple[tuple[int, tuple[Timeline, ...]], ...]
    simple: tuple[tuple[int, Timeline], ...]
    """The same where each threshold has one unconditional series, else nothing."""

    @property
    def longer(self) -> bool:
        """Whether long prompts have a price of their own, from a length that is stated."""
        return any(over > LONG for over, _ in self.steps)

    def find(self, at: datetime, counted: Counted) -> Found:
        """Find the rate for a usage: by its whole input, its variant, the hour and the day."""
        for over, timeline in self.simple:
            if counted.whole_input > over or not over:
                simple = timeline.find(at)
                if simple is not None and not (over and simple.doubt):
                    return simple
                break
        return self._by_context(at, counted)

    def _by_context(self, at: datetime, counted: Counted) -> Found:
        found = Found(None, None, f"no price of {self.meter} is stated")
        warnings = tuple(self._unnumbered())
        sooner: Found | None = None
        for place, (over, series) in enumerate(self.steps):
            if not over or (over != LONG and counted.whole_input > over):
                found = _conditional(series, at, counted)
                if found.rate is not None or _may_have_held(series, at):
                    found = self._below(found, place, at, counted)
                    break
                sooner = next(filter(None, (one.to_come(at) for one in series)), sooner)
        if sooner and sooner.rate and found.atto is not None:
            found = in_doubt(found, sooner, sooner.rate)
        return replace(found, warnings=(*found.warnings, *warnings)) if warnings else found

    def _below(self, found: Found, place: int, at: datetime, counted: Counted) -> Found:
        """Let the price of shorter prompts be in doubt where that of long ones may have ended."""
        ended = found.doubt
        if ended is None or found.doubt_atto is not None or not self.steps[place][0]:
            return found
        below = Slot(self.meter, self.steps[place + 1 :], ()).find(at, counted)
        since = below.rate and replace(below.rate, valid_from=ended.valid_from)
        return in_doubt(found, replace(below, rate=since), ended)

    def _unnumbered(self) -> Iterator[str]:
        if any(over == LONG for over, _ in self.steps):
            yield f"{self.meter}: long prompts have another price, from a length that is not stated"


def by_currency(series: Iterable[Timeline]) -> dict[str, dict[Meter, Slot]]:
    """Put series into slots, by currency, US dollars first."""
    by: dict[str, dict[Meter, list[Timeline]]] = {}
    for one in series:
        by.setdefault(one.first.currency, {}).setdefault(one.first.meter, []).append(one)
    return {
        currency: {meter: slot(meter, some) for meter, some in by[currency].items()}
        for currency in sorted(by, key=lambda name: (name != "USD", name))
    }


def slot(meter: Meter, series: Sequence[Timeline]) -> Slot:
    """Order one meter's series by their thresholds, the longest first."""
    by_step: dict[int, list[Timeline]] = {}
    series = [one for one in series if not never(one.first.variant)] or series
    for one in series:
        by_step.setdefault(one.first.context_over, []).append(one)
    steps = tuple((over, tuple(by_step[over])) for over in sorted(by_step, reverse=True))
    simple = tuple((over, some[0]) for over, some in steps)
    return Slot(meter, steps, simple if all(map(_is_simple, steps)) else ())


def _is_simple(step: tuple[int, tuple[Timeline, ...]]) -> bool:
    over, some = step
    first = some[0].first
    return len(some) == 1 and over != LONG and not (first.variant or first.window)


def with_fallbacks(slots: Mapping[Meter, Slot], elsewhere: Iterable[Meter]) -> dict[Meter, Slot]:
    """Give every meter that has none the prices that the declared rules give it.

    ``elsewhere`` are the meters that have another price, known or not: those fall back on nothing.
    """
    full, never = dict(slots), set(elsewhere)
    for rule in FALLBACKS:
        if rule.meter in full or rule.meter in never:
            continue
        found = next((slots[other] for other in rule.priced_as if other in slots), None)
        if found is not None:
            full[rule.meter] = _told(found, rule) if rule.told else replace(found, meter=rule.meter)
    return full


def _told(found: Slot, rule: Fallback) -> Slot:
    """Give a meter another's prices, each answer with a warning that it has."""
    note = f"{rule.meter}: {rule.why}"
    steps = tuple((over, tuple(noted(one, note) for one in some)) for over, some in found.steps)
    simple = tuple((over, noted(one, note)) for over, one in found.simple)
    return Slot(rule.meter, steps, simple)


def _conditional(series: Sequence[Timeline], at: datetime, counted: Counted) -> Found:
    """Choose among the series of one threshold: by variant, then by the hour."""
    held = [(one, place) for one in series if (place := one.place(at)) >= 0]
    stating = [(one, place) for one, place in held if one.attos[place] is not None]
    if not stating:
        return Found(None, None, _why_none(series, at))
    fitting, warning = _by_variant(stating, counted)
    if not fitting:
        variants = ", ".join(sorted({one.first.variant for one, _ in stating}))
        return Found(None, None, f"only {variants} is priced, which this usage is not")
    (timeline, place), unsure = _by_window(fitting, at)
    found = timeline.find(at) or timeline.plain[place]
    told = tuple(filter(None, (*found.warnings, warning, unsure)))
    return replace(found, warnings=told)


_Held = tuple[Timeline, int]


def _by_variant(held: Sequence[_Held], counted: Counted) -> tuple[list[_Held], str]:
    """Keep the series whose conditions hold; where the usage does not tell, the dearest."""
    judged = [(one, _judge(one[0].first.variant, counted)) for one in held]
    certain = [one for one, holding in judged if holding]
    special = [one for one in certain if one[0].first.variant]
    if certain:
        return special or certain, ""
    open_ones = [one for one, holding in judged if holding is None]
    if not open_ones:
        return [], ""
    dearest = _dearest(open_ones)
    chosen = dearest[0].first.variant
    kept = [one for one in open_ones if one[0].first.variant == chosen]
    others = {_amount(one) for one in open_ones} != {_amount(dearest)}
    return kept, _chosen_dearest(dearest[0].first, "variant", chosen) if others else ""


def _judge(variant: str, counted: Counted) -> bool | None:
    verdicts = [holds(part, counted) for part in variant.split(", ") if part]
    if False in verdicts:
        return False
    return None if None in verdicts else True


def _by_window(held: Sequence[_Held], at: datetime) -> tuple[_Held, str]:
    """Take the series of the hours that hold; where no hours are stated, the dearest."""
    if len(held) == 1 and not held[0][0].first.window:
        return held[0], ""
    judged = [(one, covers(one[0].first.window, at)) for one in held if one[0].first.window]
    inside = [one for one, holding in judged if holding]
    if inside:
        return _dearest(inside), ""
    open_ones = [one for one, holding in judged if holding is None]
    always = [one for one in held if not one[0].first.window]
    chosen = _dearest(open_ones or always or held)
    unsure = bool(open_ones) or not always
    name = chosen[0].first.window
    return chosen, _chosen_dearest(chosen[0].first, "window", name) if unsure else ""


def _dearest(held: Iterable[_Held]) -> _Held:
    return max(held, key=_amount)


def _amount(one: _Held) -> int:
    timeline, place = one
    return timeline.attos[place] or 0


def _chosen_dearest(rate: Rate, what: str, chosen: str) -> str:
    return f"{rate.meter}: which {what} holds is not told; the dearest is taken: {chosen}"


def _may_have_held(series: Sequence[Timeline], at: datetime) -> bool:
    """Whether nothing is known by a moment, because these were seen for the first time later."""
    unseen = [one for one in series if one.place(at) < 0]
    return any(one.first.precision == Precision.AT_MOST for one in unseen)


def _why_none(series: Sequence[Timeline], at: datetime) -> str:
    """Say why none of a threshold's series has a price at a moment."""
    held = [one.rates[place] for one in series if (place := one.place(at)) >= 0]
    if held:
        last = max(held, key=lambda rate: rate.valid_from)
        return f"its price is {last.reason} since {last.valid_from.date()}"
    first = min((one.first for one in series), key=lambda rate: rate.valid_from)
    day = first.valid_from.date()
    if first.precision == Precision.AT_MOST:
        return f"first seen on {day}, at {first.stated}; what it was before is not known"
    return f"it has a price only from {day} on: {first.stated}"
