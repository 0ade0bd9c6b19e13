"""Settings of a NIEM source."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_NAME = re.compile(r"(?:[\w.-]+:)?[\w.-]+")


def _inside(pattern: str) -> str:
    """Accept a glob that stays inside the source's folder."""
    path = PurePosixPath(pattern)
    if not pattern or path.is_absolute() or ".." in path.parts:
        message = f"`{pattern}` must be a glob inside the source's folder, such as *.xml or **/*.xml"
        raise ValueError(message)
    return pattern


def _element(name: str) -> str:
    """Accept an element's name, with or without a prefix."""
    if _NAME.fullmatch(name) is None:
        message = f"`{name}` is no element name; write PublishMessage or lexs:PublishMessage"
        raise ValueError(message)
    return name


class NiemConfig(BaseModel):
    """A folder or file of NIEM, LEXS, N-DEx or NIBRS XML."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str = Field(default=".", description="Folder of the files, or one file; relative to the home folder.")
    files: Annotated[str, AfterValidator(_inside)] = Field(
        default="**/*.xml", description="Glob of the files in the folder."
    )
    record: tuple[Annotated[str, AfterValidator(_element)], ...] = Field(
        default=(),
        description="Elements that each hold one record, where a file holds many and the built-in list (LEXS "
        "PublishMessage, NIBRS Report) does not know them. A prefix is not looked at.",
    )
