"""Settings of a CSV source: everything has a default or is detected, and what is declared is never guessed at."""

from __future__ import annotations

import codecs
from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

_LINE_ENDS = "\r\n"


def _known_encoding(name: str) -> str:
    """Accept a text encoding that Python knows; UTF-8 always copes with a byte order mark."""
    try:
        info = codecs.lookup(name)
        "".encode(info.name)
    except (LookupError, ValueError) as error:
        message = f"encoding `{name}` is unknown; common ones are utf-8, cp1252, latin-1 and utf-16"
        raise ValueError(message) from error
    return "utf-8-sig" if info.name in {"utf-8", "utf-8-sig"} else info.name


def _inside(pattern: str) -> str:
    """Accept a glob that stays inside the source's folder."""
    path = PurePosixPath(pattern)
    if not pattern or path.is_absolute() or ".." in path.parts:
        message = f"`{pattern}` must be a glob inside the source's folder, such as *.csv or 2024/*.csv"
        raise ValueError(message)
    return pattern


def _one_character(text: str) -> str:
    """Accept one character that is no line end."""
    if len(text) != 1 or text in _LINE_ENDS:
        message = "must be one character"
        raise ValueError(message)
    return text


def _delimiter(text: str) -> str:
    """Accept one character, or the word `tab`."""
    return _one_character("\t" if text.lower() == "tab" else text)


def _quote(text: str) -> str:
    """Accept one character, or nothing for files without quoting."""
    return _one_character(text) if text else text


class CsvConfig(BaseModel):
    """A folder or file of delimited text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str = Field(default=".", description="Folder of the files, or one file; relative to the home folder.")
    files: Annotated[str, AfterValidator(_inside)] = Field(
        default="*.csv", description="Glob of the main files in the folder; files of a join are left out."
    )
    encoding: Annotated[str, AfterValidator(_known_encoding)] | None = Field(
        default=None, description="Encoding; when left out: byte order mark, else UTF-8, else Windows-1252."
    )
    delimiter: Annotated[str, AfterValidator(_delimiter)] | None = Field(
        default=None, description="One character or `tab`; when left out: detected among , ; tab and |."
    )
    quote: Annotated[str, AfterValidator(_quote)] = Field(
        default='"', description="The quote character; empty for files without quoting."
    )
    header: Literal[True] | Annotated[list[str], Field(min_length=1)] = Field(
        default=True,
        description="true: the first row names the columns; or the names, where main files have no header.",
    )
    ignore_blank_rows: bool = Field(default=True, description="Leave out rows whose cells are all empty.")
    final_newline: bool = Field(
        default=False,
        description="true: this system always ends its files with a newline, so one without it was cut short.",
    )

    @model_validator(mode="after")
    def _distinct(self) -> CsvConfig:
        """Refuse what no file could mean."""
        if self.delimiter is not None and self.delimiter == self.quote:
            message = "`delimiter` and `quote` are the same character"
            raise ValueError(message)
        if self.header is not True and len(set(self.header)) != len(self.header):
            message = "`header` names a column twice"
            raise ValueError(message)
        return self
