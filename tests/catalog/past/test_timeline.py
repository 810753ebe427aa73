"""The fold, on its own: what documents say at their visits becomes what the price was."""

from datetime import UTC, datetime

import pytest

from catalog.past.sweep import fold
from catalog.past.timeline import (
    Assertion,
    Chain,
    ContradictionError,
    Seen,
    Segment,
    Timeline,
    assertion,
)


def day(number: int) -> datetime:
    """Give a day of May 2026, or of June beyond it."""
    return datetime(2026, 5 + (number - 1) // 31, (number - 1) % 31 + 1, tzinfo=UTC)


def says(amount: int, start: int | None = None, end: int | None = None) -> Segment:
    return Segment(
        amount, day(start) if start else None, day(end) if end else None, "Opus", "standard"
    )


def chain(*said: Assertion | None, document: int = 0, form: str = "a", first: int = 1) -> Chain:
    """Visit a document on days in a row, and let each visit say something."""
    visits = tuple(Seen(day(first + place), first + place) for place in range(len(said)))
    return Chain(document, form, visits, tuple(enumerate(said)))


def prices(timeline: Timeline) -> list[tuple[int, int | None]]:
    """Give the day of each entry, counted in May, and its amount."""
    return [((e.valid_from - day(1)).days + 1, e.amount) for e in timeline.entries]


FIVE, FOUR, GONE = (says(5),), (says(4),), ()


def test_nothing_said_is_an_empty_timeline() -> None:
    assert fold([]) == Timeline()


def test_a_steady_price_is_one_entry() -> None:
    assert prices(fold([chain(FIVE, FIVE, FIVE)])) == [(1, 5)]


def test_a_price_that_appears_lies_after_the_last_visit_without_it() -> None:
    [entry] = fold([chain(GONE, GONE, FIVE)]).entries
    assert (entry.valid_from, entry.not_before) == (day(3), day(2))
    assert not entry.initial


def test_a_silent_visit_is_neither_sighting_nor_absence() -> None:
    assert prices(fold([chain(FIVE, None, GONE, None, FIVE)])) == [(1, 5)]


def test_absences_of_two_forms_are_counted_apart() -> None:
    a = Chain(0, "a", (Seen(day(1), 1), Seen(day(3), 3)), ((0, FIVE), (1, GONE)))
    b = Chain(0, "b", (Seen(day(2), 2), Seen(day(4), 4)), ((0, FIVE), (1, GONE)))
    assert prices(fold([a, b])) == [(1, 5)]


def test_a_sighting_in_one_form_forgives_an_absence_in_another() -> None:
    days = tuple(Seen(day(n), n) for n in (1, 3, 5))
    a = Chain(0, "a", days, ((0, FIVE), (1, GONE)))
    b = Chain(0, "b", (Seen(day(2), 2), Seen(day(4), 4)), ((0, FIVE),))
    assert prices(fold([a, b])) == [(1, 5)]


def test_a_lower_document_takes_over_where_the_first_one_is_gone() -> None:
    first = chain(FIVE, GONE, GONE, GONE)
    second = chain(FOUR, FOUR, FOUR, FOUR, document=1)
    assert prices(fold([first, second])) == [(1, 5), (2, 4)]


def test_two_amounts_with_a_day_between_follow_each_other() -> None:
    made = assertion([says(3, start=10), says(2)])
    assert [s.says for s in made] == [(2, None, day(10)), (3, day(10), None)]


def test_the_same_amount_twice_is_said_once() -> None:
    assert len(assertion([says(2), says(2)])) == 1


@pytest.mark.parametrize(
    "segments",
    [
        [says(2), says(3)],
        [says(2, end=12), says(3, start=10)],
        [says(2, start=10), says(3, start=10)],
    ],
)
def test_two_amounts_at_one_time_contradict_each_other(segments: list[Segment]) -> None:
    with pytest.raises(ContradictionError):
        assertion(segments)


def test_an_announcement_moved_to_another_day_is_cancelled_and_made_anew() -> None:
    moved = fold(
        [chain((says(2, end=10), says(3, start=10)), (says(2, end=20), says(3, start=20)))]
    )
    assert prices(moved) == [(1, 2), (20, 3)]
    assert [cancelled.entry.valid_from for cancelled in moved.cancelled] == [day(10)]


def test_an_announcement_by_a_series_that_is_gone_is_cancelled() -> None:
    timeline = fold([chain((says(2, end=10), says(3, start=10)), GONE, GONE)])
    assert prices(timeline) == [(1, 2), (2, None)]
    assert len(timeline.cancelled) == 1


def test_a_page_that_names_past_days_gives_them_exactly() -> None:
    timeline = fold([chain((says(2, start=1, end=5), says(3, start=5)), first=10)])
    assert prices(timeline) == [(1, 2), (5, 3)]
    assert {entry.precision.value for entry in timeline.entries} == {"exact"}


def test_a_price_that_has_not_started_holds_only_from_its_day() -> None:
    timeline = fold([chain((says(3, start=10),))])
    assert prices(timeline) == [(10, 3)]
    assert timeline.amount_at(day(9)) is None
