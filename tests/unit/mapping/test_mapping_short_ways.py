"""The short ways of a load (remembered answers, profiles cut to a document's shape) say what the long ways say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.apply import Mapper
from mapping.load import load_mappings
from mapping.readers import cells
from mapping.readers.niem import NiemReader
from mapping.readers.plain import JsonReader, TableReader
from schemas.records import Quarantine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from mapping.readers.niem.node import Node
    from mapping.readers.port import Reader
    from schemas.mapped import MappedRecord

JSON = """\
casefold: mapping/1
reader: json
key: id
modified: meta.changed
entities:
  incident:
    type: Incident
    properties: {number: number, status: status, start: {parts: {date: when.day, time: when.time}}}
  scene:
    type: Location
    properties:
      full: {parts: {street: place.street, city: place.city, state: place.state}}
      state: place.state
      kind: place.kind
  person:
    each: persons
    type: Person
    key: pid
    properties:
      name: {parts: {surname: last, given: first}}
      birth_date: born.date
      age: age
      sex: sex
      description: [words, note.text]
      height: height
    links:
      - {type: INVOLVED_IN, from: person, to: incident, role: role, words: said}
  phone:
    each: phones
    type: Phone
    properties: {number: number, kind: kind}
"""


class LongWayJson(JsonReader):
    """Reads every path as if it were more than a few keys."""

    def cell(self, path: str) -> None:
        return None


class LongWayNiem:
    """The NIEM reader without its word on what a document can hold."""

    def __init__(self) -> None:
        self._reader = NiemReader()

    def __getattr__(self, name: str) -> Any:
        if name in {"shape", "possible"}:
            raise AttributeError(name)
        return getattr(self._reader, name)


def mapper(reader: Reader, text: str, folder: Path) -> Mapper:
    (folder / "mappings").mkdir(exist_ok=True)
    (folder / "mappings" / "m.yaml").write_text(text, "utf-8")
    (loaded,) = load_mappings("m", folder / "mappings")
    return Mapper(loaded, reader, "source", None)


def said(mapped_by: Mapper, record: Any) -> MappedRecord | str:
    try:
        root = mapped_by.reader.root(b"", record)
        mapped_by.identify(root)
        return mapped_by.map(root, "MI0000000")
    except Quarantine as error:
        return str(error)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Mapper, Mapper]:
    folder = tmp_path_factory.mktemp("both")
    return mapper(JsonReader(), JSON, folder), mapper(LongWayJson(), JSON, folder)


words = st.sampled_from(
    ["", " ", "F", "M", "x", "unknown", "N/A", "1995-05-14", "05/14/1995", "13/13/1995", "ROE", "Jane", "MI", "MICH",
     "12 Elm St", "Port Alden", "313-555-0123", "55", "victim", "5'10\"", "510", "9999", "2130", "a" * 80]
)  # fmt: skip
scalars = st.one_of(words, words, words, st.none(), st.booleans(), st.integers(-5, 200), st.floats(0, 99, width=16))
values = st.one_of(scalars, scalars, st.lists(words, max_size=3), st.dictionaries(words, words, max_size=2))


def objects(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.fixed_dictionaries({}, optional=fields), values)


records = st.fixed_dictionaries(
    {"id": words, "number": values, "status": values},
    optional={
        "meta": objects(changed=values),
        "when": objects(day=values, time=values),
        "place": objects(street=values, city=values, state=values, kind=values),
        "persons": st.one_of(
            values,
            st.lists(
                objects(
                    pid=values, last=values, first=values, born=objects(date=values), age=values, sex=values,
                    words=values, note=objects(text=values), height=values, role=values, said=values,
                ),
                max_size=4,
            ),
        ),
        "phones": st.lists(objects(number=values, kind=values), max_size=3),
    },
)  # fmt: skip


@given(record=records, more=st.lists(records, max_size=3))
def test_a_looked_up_field_says_what_a_read_one_says(both: tuple[Mapper, Mapper], record: Any, more: list[Any]) -> None:
    short, long = both
    for one in (record, *more, record):  # the second time every answer is remembered
        assert said(short, one) == said(long, one)


def test_what_cannot_be_read_is_noted_every_time_it_comes(both: tuple[Mapper, Mapper]) -> None:
    record = {"id": "1", "persons": [{"pid": "p", "height": "a mile"}]}
    for _ in range(3):
        mapped = said(both[0], record)
        assert not isinstance(mapped, str)
        assert [note.path for note in mapped.notes] == ["/persons/0/height"]


def test_places_beyond_those_laid_out_are_read_the_usual_way(both: tuple[Mapper, Mapper]) -> None:
    people = [{"pid": str(number), "sex": "F", "age": 30} for number in range(3 * cells.PLACES)]
    for mapped in (said(one, {"id": "1", "persons": people}) for one in both):
        assert not isinstance(mapped, str)
        persons = [mention for mention in mapped.mentions if mention.type == "Person"]
        assert [person.properties["sex"][0][2] for person in persons] == [
            f"/persons/{number}/sex" for number in range(len(people))
        ]


def test_the_memory_of_answers_is_bounded() -> None:
    asked: list[str] = []

    def convert(raw: str) -> str:
        asked.append(raw)
        return raw.upper()

    read = cells.read_one(("a",), "/a", convert, "upper", lambda item, notes: [])
    for number in range(3 * cells.REMEMBERED):
        read(cells_node({"a": f"v{number}"}), [])
    assert read(cells_node({"a": "v0"}), []) == [("V0", "v0", "/a", "upper")]
    assert asked.count("v0") == 2, "forgotten when there was too much to remember"
    long_text = "x" * (cells.LONGEST + 1)
    for _ in range(2):
        read(cells_node({"a": long_text}), [])
    assert asked.count(long_text) == 2, "a narrative does not come twice, so it is not kept"


def cells_node(value: Any) -> Any:
    return TableReader().root(b"", value)


def test_values_that_are_remembered_are_not_changed_by_what_joins_them(tmp_path: Path) -> None:
    text = """\
casefold: mapping/1
reader: table
key: id
entities:
  scene:
    type: Location
    properties:
      kind: kind
      state: {path: st, normalize: state}
  again:
    type: Location
    key: id
    properties: {kind: kind, full: {parts: {street: street, city: city, state: st}}}
  other:
    type: Location
    key: id
    properties: {kind: {path: kind2}}
"""
    once = mapper(TableReader(), text, tmp_path)
    row = {"id": "1", "kind": "motel", "kind2": "hotel", "st": "MI", "street": "12 Elm St", "city": "Port Alden"}
    assert said(once, row) == said(once, row)


@pytest.fixture(scope="module")
def lexs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Mapper, Mapper]:
    folder = tmp_path_factory.mktemp("lexs")
    text = "casefold: mapping/1\ninherit: niem/lexs-3.1\n"
    return mapper(NiemReader(), text, folder), mapper(LongWayNiem(), text, folder)


def documents() -> Sequence[bytes]:
    """Messages of several shapes: with and without vehicles, licences, middle names."""
    from benchmarks.shapes import messages
    from benchmarks.world import World

    head, tail = messages.HEAD, messages.TAIL
    return [(head + messages.message(case) + tail).encode() for case in World(40).cases()]


def test_a_profile_cut_to_a_documents_shape_says_what_the_whole_profile_says(lexs: tuple[Mapper, Mapper]) -> None:
    short, long = lexs
    shapes = set()
    for body in (*documents(), b"<a/>", b'<b xmlns="http://niem.gov/niem/niem-core/2.0"><Person/></b>'):
        root: Node = short.reader.root(body, None)
        shapes.add(root.document.names)
        assert short.map(root, "MI0000000") == long.map(long.reader.root(body, None), "MI0000000")
    assert len(shapes) > 4


def test_what_was_opened_and_let_go_holds_no_objects(lexs: tuple[Mapper, Mapper]) -> None:
    root: Node = lexs[0].reader.root(documents()[0], None)
    lexs[0].map(root, "MI0000000")
    document = root.document
    assert document.nodes
    lexs[0].reader.release(root)  # type: ignore[attr-defined]  # the NIEM reader has it
    assert not document.nodes
