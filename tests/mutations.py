"""Slips made on purpose: a real record with one thing changed, and where it was changed.

Every mutation is decided by a seed, so that a run can be repeated and a failure looked at.
"""

import copy
import random
from dataclasses import dataclass

import yaml


@dataclass(frozen=True)
class Mutation:
    """A record with one change: its data, what was done, and the field that was changed as it now stands."""

    kind: str
    data: dict
    what: str
    field: tuple


def places(value, place=()):
    """Every place in nested data with its value, parents first."""
    yield place, value
    if isinstance(value, dict):
        for key, child in value.items():
            yield from places(child, (*place, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from places(child, (*place, index))


def at(data, place):
    for part in place:
        data = data[part]
    return data


def _drop(rng, data, place):
    del at(data, place[:-1])[place[-1]]
    return place[:-1]


def _rename(rng, data, place):
    parent = at(data, place[:-1])
    new = f"{place[-1]}{rng.choice('xsz')}"
    items = [(new if key == place[-1] else key, value) for key, value in parent.items()]
    parent.clear()
    parent.update(items)
    return (*place[:-1], new)


def _retype(rng, data, place):
    value = at(data, place)
    others = [7, True, None, "text", ["text"], {"a": "b"}, 1.5]
    at(data, place[:-1])[place[-1]] = rng.choice([other for other in others if type(other) is not type(value)])
    return place


def _cut(rng, data, place):
    at(data, place[:-1])[place[-1]] = ""
    return place


def _lengthen(rng, data, place):
    at(data, place[:-1])[place[-1]] = "word " * 1200 + "word"
    return place


def _swap(rng, data, place):
    at(data, place[:-1])[place[-1]] = f"{at(data, place)} {rng.choice(['?', 'É', '—', chr(0x1D4B3), '/'])}"
    return place


def _splice(rng, data, place):
    at(data, place).append(copy.deepcopy(rng.choice([value for _, value in places(data) if _])))
    return (*place, len(at(data, place)) - 1)


def _repeat(rng, data, place):
    at(data, place).append(copy.deepcopy(at(data, place)[0]))
    return (*place, len(at(data, place)) - 1)


#: What is done, and to what it can be done.
MUTATIONS = {
    "drop a field": (_drop, lambda place, value: place and isinstance(place[-1], str)),
    "rename a field": (_rename, lambda place, value: place and isinstance(place[-1], str)),
    "retype a value": (_retype, lambda place, value: bool(place)),
    "empty a text": (_cut, lambda place, value: place and isinstance(value, str)),
    "lengthen a text": (_lengthen, lambda place, value: place and isinstance(value, str)),
    "swap letters": (_swap, lambda place, value: place and isinstance(value, str)),
    "splice a part in": (_splice, lambda place, value: isinstance(value, list)),
    "repeat an entry": (_repeat, lambda place, value: isinstance(value, list) and value),
}


def mutations(records, count, seed):
    """``count`` mutations of records, which are pairs of kind and data."""
    rng = random.Random(seed)  # noqa: S311 - chance that can be repeated
    names = list(MUTATIONS)
    made = 0
    while made < count:
        kind, whole = rng.choice(records)
        name = names[made % len(names)]
        do, fits = MUTATIONS[name]
        data = copy.deepcopy(whole)
        found = [place for place, value in places(data) if fits(place, value)]
        if not found:
            continue
        place = rng.choice(found)
        field = do(rng, data, place)
        yield Mutation(kind, data, name, field)
        made += 1


def as_yaml(data):
    """A record as a contributor's editor might save it."""
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100)
