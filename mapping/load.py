"""From a mapping's file to its validated model: inheritance, validation, and errors that name file, line and key.

Everything that can be wrong with a mapping is found here or in `mapping.compile`, before anything is pulled.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin

import orjson
from pydantic import BaseModel, ValidationError

from mapping.spec import Choice, MappingSpec
from mapping.yamlfile import Place, YamlFile, nearest, parse_yaml, read_yaml
from schemas.records import BadConfiguration

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Model = TypeVar("Model", bound=BaseModel)
SHIPPED = files("mapping") / "specs"
MAX_INHERITANCE = 8


@dataclass(frozen=True, slots=True)
class LoadedMapping:
    """One mapping, whole: its files merged, validated, and hashed by what they say."""

    name: str
    file: YamlFile
    spec: MappingSpec
    hash: bytes
    """blake2b-128 over what the merged files say; comments do not count, nor do the mapping's own tests."""


def load_mappings(name: str, folder: Path | None = None) -> list[LoadedMapping]:
    """Load a mapping by file name or shipped profile; several where it is a choice. Raises BadConfiguration."""
    return _loaded(name, folder, ())


def _loaded(name: str, folder: Path | None, choices: Sequence[str]) -> list[LoadedMapping]:
    file = _merged(name, folder, ())
    if "choose" in file.data:
        return _chosen(file, folder, [*choices, name])
    spec = _validated(MappingSpec, file)
    meaning = {key: value for key, value in file.data.items() if key != "tests"}
    digest = blake2b(orjson.dumps(meaning, option=orjson.OPT_SORT_KEYS), digest_size=16).digest()
    return [LoadedMapping(name, file, spec, digest)]


def _chosen(file: YamlFile, folder: Path | None, choices: Sequence[str]) -> list[LoadedMapping]:
    """All mappings of a choice, in order; one may be a choice again."""
    loaded: list[LoadedMapping] = []
    for index, chosen in enumerate(_validated(Choice, file).choose):
        if chosen in choices:
            raise file.error(("choose", index), f"the mapping {chosen!r} chooses itself: {' -> '.join(choices)}")
        try:
            loaded += _loaded(chosen, folder, choices)
        except BadConfiguration as error:
            if str(error).startswith("there is no mapping"):
                raise file.error(("choose", index), str(error)) from error
            raise
    return loaded


def shipped_profiles() -> list[str]:
    """Names of the profiles that ship with Casefold, such as `niem/lexs-3.1`."""
    return sorted(_shipped_names(SHIPPED, ""))


def _shipped_names(folder: Any, prefix: str) -> list[str]:
    names: list[str] = []
    for entry in folder.iterdir() if folder.is_dir() else ():
        if entry.is_dir():
            names += _shipped_names(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".yaml"):
            names.append(f"{prefix}{entry.name.removesuffix('.yaml')}")
    return names


def _open(name: str, folder: Path | None) -> YamlFile:
    """Find a mapping beside the others (with or without `.yaml`), else among the shipped profiles."""
    if folder is not None:
        for candidate in (folder / name, folder / f"{name}.yaml"):
            if candidate.is_file():
                return read_yaml(candidate, _shown(candidate, folder))
    if name in shipped_profiles():
        return parse_yaml((SHIPPED / f"{name}.yaml").read_text(encoding="utf-8"), f"{name}.yaml (shipped)")
    own = sorted(folder.glob("*.yaml")) if folder else []
    known = shipped_profiles() + [path.name if name.endswith(".yaml") else path.stem for path in own]
    message = f"there is no mapping {name!r}; {nearest(name, known)}"
    raise BadConfiguration(message)


def _shown(path: Path, folder: Path) -> str:
    """A mapping's file as its messages name it: a home has sources of the same name."""
    return f"mappings/{path.name}" if folder.name == "mappings" else path.name


def _merged(name: str, folder: Path | None, heirs: Sequence[str]) -> YamlFile:
    """A mapping's file laid over all that it inherits."""
    if name in heirs or len(heirs) > MAX_INHERITANCE:
        message = f"the mapping {name!r} inherits itself: {' -> '.join([*heirs, name])}"
        raise BadConfiguration(message)
    file = _open(name, folder)
    if not isinstance(file.data, dict):
        message = "a mapping is a map of keys; see docs/mapping.md"
        raise file.error((), message)
    parent = file.data.get("inherit")
    if parent is None:
        return file
    if not isinstance(parent, str):
        message = "inherit names one mapping"
        raise file.error(("inherit",), message)
    try:
        return file.over(_merged(parent, folder, [*heirs, name]))
    except BadConfiguration as error:
        if "there is no mapping" in str(error):
            raise file.error(("inherit",), str(error)) from error
        raise


def _validated(model: type[Model], file: YamlFile) -> Model:
    """The file's data as a model; raises BadConfiguration naming the first offending key and the nearest valid one."""
    try:
        return model.model_validate(file.data)
    except ValidationError as error:
        raise configuration_error(model, file, error) from error


def configuration_error(
    model: type[BaseModel], file: YamlFile, error: ValidationError, above: Place = ()
) -> BadConfiguration:
    """Every complaint of a validation in our words, each on a line of its own: `file:line: where: what, what to do`.

    `above` is the place in the file that was validated, where that was not all of it.
    """
    said: dict[Place, dict[str, None]] = {}
    for detail in error.errors(include_url=False):
        message = _complaint(model, dict(detail))
        place = _in_file(file, (*above, *detail["loc"]))
        if not detail["loc"] and (named := _NAMED_KEY.search(message)) and (*above, named[1]) in file.lines:
            place = (*above, named[1])
        said.setdefault(place, {})[message] = None
    complaints = [str(file.error(place, message)) for place, messages in said.items() for message in _joined(messages)]
    return BadConfiguration("\n".join(complaints))


_WANTED = "Input should be a valid "
_NAMED_KEY = re.compile(r"`(\w+)`")
_QUOTE = "'"
_OR_MODEL = re.compile(r"dictionary or instance of \w+")


def _joined(messages: Iterable[str]) -> list[str]:
    """What one place could have been, in one sentence."""
    wanted = [message.removeprefix(_WANTED) for message in messages if message.startswith(_WANTED)]
    others = [message for message in messages if not message.startswith(_WANTED)]
    return [*others, f"this should be a {_OR_MODEL.sub('map', ' or '.join(wanted))}"] if wanted else others


def _complaint(model: type[BaseModel], detail: dict[str, Any]) -> str:
    place: Place = tuple(detail["loc"])
    if detail["type"] == "extra_forbidden":
        message = f"unknown key {place[-1]!r}; {nearest(str(place[-1]), _keys(model, place[:-1]))}"
    elif detail["type"] == "missing":
        message = f"the key {place[-1]!r} is missing"
    elif detail["type"] == "enum" or detail["type"] == "literal_error":
        valid = str(detail.get("ctx", {}).get("expected", "")).replace("' or '", "', '").replace("'", "").split(", ")
        message = f"{detail['input']!r} is not known here; {nearest(str(detail['input']), valid)}"
    elif detail["type"] == "union_tag_not_found":
        message = f"the key {str(detail['ctx']['discriminator']).strip(_QUOTE)!r} is missing"
    elif detail["type"] == "union_tag_invalid":
        valid = str(detail["ctx"]["expected_tags"]).replace(_QUOTE, "").split(", ")
        message = f"{detail['ctx']['tag']!r} is not known here; {nearest(str(detail['ctx']['tag']), valid)}"
    else:
        message = str(detail["msg"]).removeprefix("Value error, ")
    return message


def _in_file(file: YamlFile, place: Place) -> Place:
    """The place without the steps that only the opened short forms have."""
    steps: list[str | int] = []
    for step in place:
        if (*steps, step) in file.lines:
            steps.append(step)
    return tuple(steps)


def _keys(model: type[BaseModel], place: Place) -> list[str]:
    """The valid keys of the model at a place."""
    current, keyed = [model], False
    for step in place:
        if isinstance(step, int):
            continue
        if keyed:
            keyed = False
            continue
        fields = [field for one in current for name, field in one.model_fields.items() if step in (name, field.alias)]
        tagged = [one for one in current if step in _tags(one)]
        inner = _models_in(fields[0].annotation) if fields else tagged
        if inner:
            current, keyed = inner, bool(fields) and get_origin(fields[0].annotation) is dict
    return [field.alias or name for one in current[:1] for name, field in one.model_fields.items()]


def _tags(model: type[BaseModel]) -> tuple[Any, ...]:
    """What the key `kind` says where a model is one of several."""
    field = model.model_fields.get("kind")
    return get_args(field.annotation) if field else ()


def _models_in(annotation: object) -> list[type[BaseModel]]:
    """Our models inside an annotation such as `dict[str, Block]` or `One | Other`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]
