"""A mapping's own tests: one small record each, and what must and must not come of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from schemas.records import Quarantine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mapping.apply import Mapper
    from mapping.spec import MappingTest
    from schemas.mapped import MappedLink, MappedMention, MappedRecord

LABEL_KEYS = ("full", "value", "number", "amount")


class Trial(NamedTuple):
    """How one test ended; an empty list of complaints is a pass."""

    name: str
    complaints: list[str]


def try_mapping(mapper: Mapper, agency: str) -> list[Trial]:
    """Run every test that a mapping carries."""
    return [Trial(test.name, _complaints(mapper, test, agency)) for test in mapper.spec.tests]


def _complaints(mapper: Mapper, test: MappingTest, agency: str) -> list[str]:
    body = test.body.encode() if test.body is not None else orjson.dumps(test.record or {})
    try:
        root = mapper.reader.root(body, None)
        key = mapper.identify(root).key
        mapped = mapper.map(root, agency)
    except Quarantine as error:
        return [f"the record went to quarantine: {error.problem.reason} {error.problem.path}".rstrip()]
    expect = test.expect
    complaints = [f"no entity like {wanted}" for wanted in expect.entities if not _any_mention(mapped, wanted)]
    complaints += [f"no link like {wanted}" for wanted in expect.links if not _any_link(mapped, wanted)]
    complaints += [f"there should be none like {wanted}" for wanted in expect.absent if _any(mapped, wanted)]
    if expect.key is not None and expect.key != key:
        complaints.append(f"the key is {key!r}, not {expect.key!r}")
    return complaints


def _any(mapped: MappedRecord, wanted: Mapping[str, Any]) -> bool:
    return _any_mention(mapped, wanted) or _any_link(mapped, wanted)


def _any_mention(mapped: MappedRecord, wanted: Mapping[str, Any]) -> bool:
    return any(_mention_fits(mention, wanted) for mention in mapped.mentions)


def _mention_fits(mention: MappedMention, wanted: Mapping[str, Any]) -> bool:
    if mention.type != wanted.get("type"):
        return False
    return all(
        any(_value_fits(value[0], expected) for value in mention.properties.get(name, ()))
        for name, expected in wanted.items()
        if name != "type"
    )


def _value_fits(value: Any, expected: Any) -> bool:
    if isinstance(value, dict):
        if isinstance(expected, dict):
            return all(value.get(name) == part for name, part in expected.items())
        return any(value.get(name) == expected for name in LABEL_KEYS)
    return bool(value == expected or str(value) == str(expected))


def _any_link(mapped: MappedRecord, wanted: Mapping[str, Any]) -> bool:
    return any(_link_fits(link, mapped, wanted) for link in mapped.links)


def _link_fits(link: MappedLink, mapped: MappedRecord, wanted: Mapping[str, Any]) -> bool:
    ends = {"from": mapped.mentions[link.source], "to": mapped.mentions[link.target]}
    for name, expected in wanted.items():
        if name in ends:
            fits = _mention_fits(ends[name], expected if isinstance(expected, dict) else {"type": expected})
        else:
            fits = getattr(link, name, None) == expected
        if not fits:
            return False
    return True
