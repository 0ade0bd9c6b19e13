"""What is wrong with a mapping is said before anything is pulled: file, line, key, and the nearest valid one."""

from __future__ import annotations

from pathlib import Path

import pytest

from mapping.load import load_mappings, shipped_profiles
from schemas.records import BadConfiguration
from tests.unit.mapping.making import READERS, compiled

WHOLE = """\
casefold: mapping/1
reader: json
match: {when: [{path: kind, equals: x}]}
key: k
modified: m
delete: {path: d, equals: "Y"}
ignore:
  - when: {path: z, empty: false}
    reason: not ours
protect: {juvenile: {path: juv, equals: "Y"}}
lookup:
  roles: {VIC: victim}
join:
  people: {files: "p*.csv", key: K}
entities:
  incident:
    type: Incident
    properties: {number: k}
  person:
    each: people
    type: Person
    protect: {victim: {path: v, equals: "Y"}}
    properties:
      name:
        parts: {given: f, surname: l}
      birth_date:
        path: dob
        normalize: {date: {order: mdy}}
      alias:
        - path: b
        - path: a
          lookup: roles
    entities:
      phone: {type: Phone, properties: {number: n}}
    links:
      - type: INVOLVED_IN
        from: person
        to: {entity: incident}
        role: {path: r, lookup: roles}
links:
  - type: ASSOCIATE_OF
    from: {at: a, entity: person}
    to: {at: b, entity: person}
tests:
  - name: one
    record: {k: 1}
    expect: {key: "1"}
narrative: true
"""


def test_the_mapping_without_a_slip_is_taken() -> None:
    assert compiled(WHOLE).reader.name == "json"


@pytest.mark.parametrize(
    ("right", "wrong", "line", "said"),
    [
        ("casefold: mapping/1", "casefold: maping/1", 1, "did you mean 'mapping/1'?"),
        ("casefold: mapping/1", "casefol: mapping/1", 1, "unknown key 'casefol'; did you mean 'casefold'?"),
        ("reader: json", "reader: jsn", 2, "'jsn' is not known here; did you mean 'json'?"),
        ("match: {when", "match: {wen", 3, "unknown key 'wen'; did you mean 'when'?"),
        ("equals: x", "equal: x", 3, "unknown key 'equal'; did you mean 'equals'?"),
        ("equals: x", "equals: x, in: [a]", 3, "exactly one of: equals, in, not, empty"),
        ("equals: x", "equals: [x]", 3, "this should be a string or integer or number or boolean"),
        ("key: k\nmod", "kye: k\nmod", 4, "unknown key 'kye'; did you mean 'key'?"),
        ("key: k\nmod", "mod", 1, "the key 'key' is missing"),
        ("modified: m", "modifed: m", 5, "did you mean 'modified'?"),
        ("modified: m", "modified: {path: m, required: 3}", 5, "this should be a boolean"),
        ("modified: m", "owner: {}", 5, "exactly one of: path, first, parts, set"),
        ("modified: m", "volatile: ['a[?b]']", 5, "a volatile path is plain steps"),
        ("modified: m", "match: {root: [x]}", 5, "stands twice in one map"),
        ("ignore:", "ignor:", 7, "did you mean 'ignore'?"),
        ("    reason: not ours", "    reson: not ours", 9, "did you mean 'reason'?"),
        ("protect: {juvenile", "protect: {juvenil", 10, "did you mean 'juvenile'?"),
        ("path: juv", "pth: juv", 10, "did you mean 'path'?"),
        ("lookup:\n  roles", "lookups:\n  roles", 11, "did you mean 'lookup'?"),
        ("{VIC: victim}", "{VIC: [victim]}", 12, "this should be a string"),
        ("join:\n", "joins:\n", 13, "did you mean 'join'?"),
        ('files: "p', 'file: "p', 14, "did you mean 'files'?"),
        ("type: Incident", "type: Incidnt", 17, "did you mean 'Incident'?"),
        ("    type: Incident\n", "", 16, "the key 'type' is missing"),
        ("properties: {number: k}", "propertes: {number: k}", 18, "did you mean 'properties'?"),
        (
            "properties: {number: k}",
            "properties: {numbr: k}",
            18,
            "Incident has no property 'numbr'; did you mean 'number'?",
        ),
        ("each: people", "eech: people", 20, "did you mean 'each'?"),
        ("each: people", "each: 'people['", 20, "'people[' is not valid JMESPath"),
        ("protect: {victim", "protect: {victims", 22, "did you mean 'victim'?"),
        ("parts: {given", "part: {given", 25, "did you mean 'parts'?"),
        ("parts: {given", "parts: {givn", 25, "takes no part 'givn'; did you mean 'given'?"),
        ("parts: {given: f", "parts: {given: 'f['", 25, "'f[' is not valid JMESPath"),
        ("path: dob", "path: 'dob['", 27, "'dob[' is not valid JMESPath"),
        ("{date: {order", "{dat: {order", 28, "there is no normalizer 'dat'; did you mean 'date'?"),
        ("{date: {order", "{date: {ordr", 28, "date has no option 'ordr'; did you mean 'order'?"),
        ("order: mdy", "order: mddy", 28, "did you mean 'mdy'?"),
        ("{date: {order: mdy}}", "5", 28, "this should be a string or dictionary or list"),
        (
            "          lookup: roles",
            "          lookup: role",
            32,
            "there is no lookup table 'role'; did you mean 'roles'?",
        ),
        ("          lookup: roles", "          lokup: roles", 32, "did you mean 'lookup'?"),
        (
            "phone: {type: Phone, properties: {number",
            "phone: {type: Phone, properties: {numbr",
            34,
            "did you mean 'number'?",
        ),
        ("type: INVOLVED_IN", "type: INVOLVED_INN", 36, "did you mean 'INVOLVED_IN'?"),
        ("from: person\n", "form: person\n", 37, "did you mean 'from'?"),
        ("from: person\n", "from: persn\n", 37, "there is no entity block 'persn' in reach; did you mean 'person'?"),
        ("to: {entity: incident}", "to: {entity: incidnt}", 38, "did you mean 'incident'?"),
        ("to: {entity: incident}", "to: {entty: incident}", 38, "did you mean 'entity'?"),
        ("role: {path: r, lookup", "role: {path: r, lookp", 39, "did you mean 'lookup'?"),
        ("from: {at: a, entity: person}", "from: {entity: persn, at: a}", 42, "did you mean 'person'?"),
        ("from: {at: a, entity: person}", "from: {att: a, entity: person}", 42, "did you mean 'at'?"),
        ("from: {at: a, entity: person}", "from: {at: 'a[', entity: person}", 42, "is not valid JMESPath"),
        ("from: {at: a, entity: person}", "from: {}", 42, "an end names an entity block, or a path with `at`"),
        ("  - name: one", "  - nam: one", 45, "did you mean 'name'?"),
        ("record: {k: 1}", "recrd: {k: 1}", 46, "did you mean 'record'?"),
        ("expect: {key", "expect: {kei", 47, "did you mean 'key'?"),
        ("narrative: true", "narrativ: true", 48, "did you mean 'narrative'?"),
        ("narrative: true", "narrative: maybe", 48, "this should be a boolean"),
        ("narrative: true", "narrative: [", 49, "this is not valid YAML"),
        ("narrative: true", "nonsense: true", 48, "valid: casefold, delete"),
    ],
)
def test_a_slip_is_told_with_its_line_and_the_nearest_word(right: str, wrong: str, line: int, said: str) -> None:
    assert right in WHOLE
    with pytest.raises(BadConfiguration) as caught:
        compiled(WHOLE.replace(right, wrong, 1))
    complaints = [one for one in str(caught.value).splitlines() if one.startswith(f"m.yaml:{line}: ")]
    assert any(said in one for one in complaints), str(caught.value)


def test_several_slips_are_told_at_once() -> None:
    with pytest.raises(BadConfiguration) as caught:
        compiled(WHOLE.replace("each: people", "eech: people").replace("narrative", "narrativ"))
    assert [line.split(":")[1] for line in str(caught.value).splitlines()] == ["20", "48"]


def test_a_root_is_for_documents_that_have_one() -> None:
    with pytest.raises(BadConfiguration, match=r"m\.yaml:4: match\.root: only NIEM documents have a root"):
        compiled("casefold: mapping/1\nreader: table\nkey: K\nmatch: {root: [x:R]}\n")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "base.yaml").write_text(WHOLE, encoding="utf-8")
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(f"casefold: mapping/1\n{text}", encoding="utf-8")


def test_an_error_in_what_is_inherited_names_the_file_it_stands_in(folder: Path) -> None:
    write(folder, "child.yaml", "inherit: base\nentities:\n  person:\n    properties: {nme: x}\n")
    (one,) = load_mappings("child", folder)
    from mapping.apply import Mapper

    with pytest.raises(BadConfiguration, match=r"^child\.yaml:5: entities\.person\.properties\.nme: Person has no"):
        Mapper(one, READERS["json"](), "s", None)
    (folder / "base.yaml").write_text(WHOLE.replace("each: people", "eech: people"), encoding="utf-8")
    write(folder, "child.yaml", "inherit: base\nnarrative: false\n")
    with pytest.raises(BadConfiguration, match=r"^base\.yaml:20: entities\.person\.eech: unknown key 'eech'"):
        load_mappings("child", folder)


def test_an_unknown_mapping_is_told_with_the_nearest_name(folder: Path) -> None:
    with pytest.raises(BadConfiguration, match=r"there is no mapping 'bas'; did you mean 'base'\?"):
        load_mappings("bas", folder)
    write(folder, "child.yaml", "inherit: niem/lexs-3.11\n")
    with pytest.raises(
        BadConfiguration, match=r"child\.yaml:2: inherit: there is no mapping .* did you mean 'niem/lexs-3\.1'"
    ):
        load_mappings("child", folder)
    write(folder, "choice.yaml", "choose:\n  - base\n  - bse\n")
    with pytest.raises(BadConfiguration, match=r"choice\.yaml:4: choose\.1: there is no mapping 'bse'"):
        load_mappings("choice", folder)


def test_a_mapping_that_inherits_or_chooses_itself_is_refused(folder: Path) -> None:
    write(folder, "a.yaml", "inherit: b\n")
    write(folder, "b.yaml", "inherit: a\n")
    with pytest.raises(BadConfiguration, match="'a' inherits itself: a -> b -> a"):
        load_mappings("a", folder)
    write(folder, "c.yaml", "choose: [d]\n")
    write(folder, "d.yaml", "choose: [base, c]\n")
    with pytest.raises(BadConfiguration, match=r"d\.yaml:2: choose\.1: the mapping 'c' chooses itself: c -> d"):
        load_mappings("c", folder)


@pytest.mark.parametrize("text", ["[1]", "just words"])
def test_a_mapping_that_is_no_map_is_refused(folder: Path, text: str) -> None:
    (folder / "m.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadConfiguration, match=r"m\.yaml:1: a mapping is a map of keys"):
        load_mappings("m", folder)


def test_inherit_names_one_mapping(folder: Path) -> None:
    write(folder, "m.yaml", "inherit: [a, b]\n")
    with pytest.raises(BadConfiguration, match=r"m\.yaml:2: inherit: inherit names one mapping"):
        load_mappings("m", folder)


def test_every_profile_that_ships_can_be_read() -> None:
    assert shipped_profiles()
    for name in shipped_profiles():
        for one in load_mappings(name):
            assert one.spec.casefold == "mapping/1"
