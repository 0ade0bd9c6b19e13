"""Inheritance: maps merge key by key, anything else is replaced, null removes; and what a mapping's hash counts."""

from __future__ import annotations

from pathlib import Path

from mapping.apply import Mapper, SourceMapping
from mapping.load import LoadedMapping, load_mappings
from tests.unit.mapping.making import AGENCY, READERS, Finding, values

BASE = """\
casefold: mapping/1
reader: table
key: K
lookup:
  roles: {VIC: victim, SUS: suspect}
entities:
  incident:
    type: Incident
    properties: {number: K}
  person:
    each: people
    type: Person
    key: PID
    properties:
      name: NAME
      alias: [A, B]
      birth_date: DOB
    links:
      - {type: INVOLVED_IN, from: person, to: incident, role: {path: ROLE, lookup: roles}}
"""
ROW = {
    "K": "1",
    "people": [{"PID": "7", "NAME": "Al Poe", "A": "Ace", "B": "Bo", "C": "Cy", "DOB": "1990", "ROLE": "POI"}],
}


def load(folder: Path, child: str) -> LoadedMapping:
    (folder / "base.yaml").write_text(BASE, encoding="utf-8")
    (folder / "child.yaml").write_text(f"casefold: mapping/1\ninherit: base\n{child}", encoding="utf-8")
    return load_mappings("child", folder)[0]


def mapper(folder: Path, child: str) -> Mapper:
    return Mapper(load(folder, child), READERS["table"](), "src", None)


def test_maps_merge_key_by_key(tmp_path: Path) -> None:
    one = mapper(tmp_path, "lookup:\n  roles: {POI: person_of_interest}\n")
    record = one.map(one.reader.root(b"", ROW), AGENCY)
    assert record.links[0].role == "person_of_interest"
    assert one.spec.lookup["roles"] == {"VIC": "victim", "SUS": "suspect", "POI": "person_of_interest"}


def test_lists_and_texts_are_replaced(tmp_path: Path) -> None:
    one = mapper(tmp_path, "entities:\n  person:\n    key: NAME\n    properties: {alias: [C]}\n")
    record = one.map(one.reader.root(b"", ROW), AGENCY)
    assert [value["full"] for value in values(record, "Person", "alias")[0]] == ["Cy"]
    assert [mention.local for mention in record.mentions][1] == "Person:Al Poe"


def test_null_takes_away_what_was_inherited(tmp_path: Path) -> None:
    one = mapper(tmp_path, "entities:\n  person:\n    properties: {birth_date: null, alias: }\n")
    record = one.map(one.reader.root(b"", ROW), AGENCY)
    assert set(record.mentions[1].properties) == {"name"}


def test_a_mapping_may_inherit_over_several_steps(tmp_path: Path) -> None:
    load(tmp_path, "lookup:\n  roles: {POI: person_of_interest}\n")
    (tmp_path / "grandchild.yaml").write_text(
        "casefold: mapping/1\ninherit: child\nnarrative: false\n", encoding="utf-8"
    )
    (one,) = load_mappings("grandchild", tmp_path)
    assert one.spec.lookup["roles"]["POI"] == "person_of_interest"
    assert one.spec.narrative is False


def test_the_hash_counts_what_a_mapping_means_and_nothing_else(tmp_path: Path) -> None:
    plain = load(tmp_path, "").hash
    assert load(tmp_path, "# a comment\n").hash == plain
    assert load(tmp_path, "tests: [{name: t, record: {}, expect: {}}]\n").hash == plain
    assert load(tmp_path, "narrative: false\n").hash != plain
    assert load(tmp_path, "lookup:\n  roles: {POI: other}\n").hash != plain


def test_a_new_extractor_is_a_new_recipe(tmp_path: Path) -> None:
    loaded = [load(tmp_path, "")]
    newer = Finding()
    newer.version = 2
    recipes = {SourceMapping(loaded, READERS, "src", extractor).recipe for extractor in (None, Finding(), newer)}
    assert len(recipes) == 3
