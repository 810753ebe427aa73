"""Counting a raw usage object: by the format it is told to be, else the one its fields show."""

from functools import lru_cache

from catalog.cost.counted import Counted, Usage, UsageError
from catalog.cost.formats import FORMATS
from catalog.cost.reader import Reader, reader

READERS = {declared.name: reader(declared) for declared in FORMATS}


def count(usage: Usage, named: str | None = None, provider: str | None = None) -> Counted:
    """Count a usage object: by the named format, else by its fields.

    Where its fields are those of formats that mean them differently, the total it states decides,
    then the provider. Raises UsageError where neither does, and for what is no usage.
    """
    likely, other = _candidates(tuple(usage), named, provider)
    first = likely[0]
    if len(likely) > 1:
        return _settle(usage, likely, other)
    found = first.read(usage)
    if found[1] and other:
        return _settle(usage, likely, other)
    return first.counted(found)


@lru_cache(maxsize=1 << 12)
def _candidates(
    keys: tuple[str, ...], named: str | None, provider: str | None
) -> tuple[tuple[Reader, ...], tuple[Reader, ...]]:
    """Give the formats that keys at the top show: those likely of a provider, and the others."""
    if named is not None:
        return (_named(named),), ()
    fitting = [one for one in READERS.values() if one.fits(keys)]
    if not fitting:
        raise UsageError(
            f"a usage with the fields {', '.join(keys) or 'none'} is of no known format;"
            f" known are {', '.join(READERS)}"
        )
    most = max(one.known(keys) for one in fitting)
    known = [one for one in fitting if one.known(keys) == most]
    own = [one for one in known if provider in one.format.providers]
    anyone = [one for one in known if not one.format.providers]
    likely = known if provider is None else own or anyone or known
    return tuple(likely), tuple(one for one in known if one not in likely)


def _named(name: str) -> Reader:
    if name not in READERS:
        raise UsageError(f"{name!r} is no format of usage; known are {', '.join(READERS)}")
    return READERS[name]


def _settle(usage: Usage, likely: tuple[Reader, ...], other: tuple[Reader, ...]) -> Counted:
    """Let the total that is stated decide; all that is left must come to the same."""
    read = [(one, one.read(usage)) for one in (*likely, *other)]
    adding_up = [(one, found) for one, found in read if not found[1]]
    left = [row for row in adding_up if row[0] in likely] or adding_up or read[: len(likely)]
    counted = [one.counted(found) for one, found in left]
    if any(one.amounts != counted[0].amounts for one in counted):
        names = " or ".join(one.format for one in counted)
        raise UsageError(f"the usage may be of the format {names}; name the format or provider")
    return counted[0]
