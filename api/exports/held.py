"""Exports made once for each state of the catalog, and held while it is the current one."""

from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from weakref import WeakKeyDictionary

from api.exports.formats import Format
from api.exports.ledger import Exported, report
from api.exports.material import Material, gather
from api.exports.trees import Tree, to_json
from catalog.current.look import Look, View
from catalog.current.view import Views
from catalog.moments import print_moment


@dataclass
class _State:
    """What was made of one view."""

    view: View
    material: Material
    made: dict[str, Exported] = field(default_factory=dict)
    written: dict[str, bytes] = field(default_factory=dict)


_STATES: WeakKeyDictionary[Views, _State] = WeakKeyDictionary()
_LOCK = Lock()
"""Exports are made by one at a time: a second one who asks finds them made."""


@dataclass(frozen=True)
class Written:
    """An export, or its account, as bytes; and the state that it is of."""

    body: bytes
    look: Look


def export_of(
    views: Views, format_: Format, as_of: datetime | None = None, known_at: datetime | None = None
) -> Written:
    """Write an export; times as ``Views.look`` takes them."""
    look = views.look(as_of, known_at)
    with _LOCK:
        state = _state(views, look, as_of, known_at)
        name = format_.name
        if name not in state.written:
            state.written[name] = to_json(_made(state, format_).tree)
        return Written(state.written[name], look)


def made_of(
    views: Views, format_: Format, as_of: datetime | None = None, known_at: datetime | None = None
) -> tuple[Exported, Look]:
    """Make an export, to take a part of it; and give the state that it is of."""
    look = views.look(as_of, known_at)
    with _LOCK:
        return _made(_state(views, look, as_of, known_at), format_), look


def account_of(
    views: Views, format_: Format, as_of: datetime | None = None, known_at: datetime | None = None
) -> Written:
    """Write what an export carries and loses."""
    made, look = made_of(views, format_, as_of, known_at)
    told = {**report(format_.name, made), "meta": _meta(look)}
    return Written(to_json(told), look)


def _meta(look: Look) -> dict[str, Tree]:
    return {
        "sequence": look.view.sequence,
        "as_of": print_moment(look.as_of),
        "known_at": print_moment(look.known_at),
    }


def _made(state: _State, format_: Format) -> Exported:
    if format_.name not in state.made:
        state.made[format_.name] = format_.make(state.material)
    return state.made[format_.name]


def _state(views: Views, look: Look, as_of: datetime | None, known_at: datetime | None) -> _State:
    held = _STATES.get(views)
    if held is not None and held.view is look.view:
        return held
    state = _State(look.view, gather(views, look, as_of=as_of, known_at=known_at))
    if as_of is None and known_at is None:
        _STATES[views] = state
    return state
