"""Settings of a REST source. Secrets are references, and an error about them never repeats what was written."""

from __future__ import annotations

import re
from typing import Annotated, Literal

import httpx
import jmespath
from jmespath.exceptions import JMESPathError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

_REFERENCE = re.compile(r"(env|file):.+")
_CREDENTIAL = re.compile(r"api.?key|token|secret|passw|authorization|cookie|signature", re.IGNORECASE)


class _Part(BaseModel):
    """Base of all parts: closed, immutable, and silent about values in its errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def _reference(text: str) -> str:
    if not _REFERENCE.fullmatch(text):
        message = "a secret must be a reference, env:NAME or file:PATH, never the value itself"
        raise ValueError(message)
    return text


def _expression(text: str) -> str:
    try:
        jmespath.compile(text)
    except JMESPathError as error:
        message = f"`{text}` is no JMESPath expression"
        raise ValueError(message) from error
    return text


def _base_url(text: str) -> str:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        message = "`url` cannot be read; it must look like https://rms.example.gov/api"
        raise ValueError(message) from error
    if url.scheme not in {"http", "https"} or not url.host:
        message = "`url` must start with https:// (or http://) and name a host"
        raise ValueError(message)
    if url.userinfo or url.query or url.fragment:
        message = "`url` must hold no user, query or fragment; use `auth` and `parameters`"
        raise ValueError(message)
    return text.rstrip("/")


def _no_credentials(named: dict[str, str]) -> dict[str, str]:
    for name in named:
        if _CREDENTIAL.search(name):
            message = f"`{name}` looks like a credential; URLs and settings are logged, so put it into `auth`"
            raise ValueError(message)
    return named


def _plain_path(text: str) -> str:
    if "?" in text or "#" in text or "://" in text:
        message = "`path` is a path below `url`; use `parameters` for a query"
        raise ValueError(message)
    return text


Reference = Annotated[str, AfterValidator(_reference), Field(description="env:NAME or file:PATH, never the value.")]
Expression = Annotated[str, AfterValidator(_expression)]
Named = Annotated[dict[str, str], AfterValidator(_no_credentials)]


class BasicAuth(_Part):
    """HTTP Basic."""

    kind: Literal["basic"]
    username: str = Field(description="The user, or a reference to it.")
    password: Reference


class BearerAuth(_Part):
    """A token in the Authorization header."""

    kind: Literal["bearer"]
    token: Reference


class ApiKeyAuth(_Part):
    """A key in a header of its own; never in the URL, which is logged."""

    kind: Literal["api_key"]
    header: str = Field(default="X-Api-Key", pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")
    key: Reference


Auth = Annotated[BasicAuth | BearerAuth | ApiKeyAuth, Field(discriminator="kind")]


class NoPaging(_Part):
    """Everything comes in one answer."""

    kind: Literal["none"] = "none"


class OffsetPaging(_Part):
    """Pages by how many records came before; the end is an empty page."""

    kind: Literal["offset"]
    size: int = Field(default=100, ge=1)
    offset_parameter: str = "offset"
    size_parameter: str | None = Field(default="limit", description="null: the source takes no page size.")


class PagePaging(_Part):
    """Pages by number; the end is an empty page."""

    kind: Literal["page"]
    size: int = Field(default=100, ge=1)
    page_parameter: str = "page"
    size_parameter: str | None = Field(default="size", description="null: the source takes no page size.")
    start: int = Field(default=1, ge=0)


class NextUrlPaging(_Part):
    """Each page names the next; the end is a page that names none."""

    kind: Literal["next_url"]
    path: Expression = Field(description="JMESPath to the next page's URL in the answer.")


Paging = Annotated[NoPaging | OffsetPaging | PagePaging | NextUrlPaging, Field(discriminator="kind")]


class Incremental(_Part):
    """Asks for what was modified since the last read, by the source's own values."""

    parameter: str = Field(description="Query parameter of the earliest modification wanted.")
    field: Expression = Field(description="JMESPath to the modification in a record.")
    look_back: float = Field(default=300.0, ge=0, description="Seconds before the last value that are read again.")
    format: Literal["iso", "epoch", "epoch_ms"] = "iso"
    ordered: bool = Field(
        default=False, description="The source sorts by `field`: then an interrupted read goes on where it was."
    )
    initial: str | None = Field(default=None, description="Value of the parameter at the first read, if it needs one.")


class EnvelopeError(_Part):
    """Where an answer with status 200 says that it is an error all the same."""

    path: Expression
    ok: str | int | bool | None = Field(default=True, description="The value that means success.")


class Deleted(_Part):
    """How a record says that it was deleted at the source."""

    path: Expression
    equals: str | int | bool = True


class RestConfig(_Part):
    """A list of JSON records behind a URL."""

    url: Annotated[str, AfterValidator(_base_url)] = Field(description="Base: https://rms.example.gov/api")
    path: Annotated[str, AfterValidator(_plain_path)] = Field(default="", description="Resource below the base.")
    records: Expression = Field(default="@", description="JMESPath to the list of records in an answer.")
    pagination: Paging = NoPaging()
    auth: Auth | None = None
    incremental: Incremental | None = None
    parameters: Named = Field(default_factory=dict, description="Query parameters of every request.")
    headers: Named = Field(default_factory=dict, description="Headers of every request; no credentials.")
    timeout: float = Field(default=30.0, gt=0, description="Seconds that any one network step may take.")
    request_deadline: float = Field(default=120.0, gt=0, description="Seconds that a whole answer may take.")
    total_deadline: float = Field(default=86_400.0, gt=0, description="Seconds that a whole read may take.")
    retries: int = Field(default=5, ge=0, le=20, description="How often a request is repeated that may work later.")
    allow_private: bool = Field(default=False, description="The source is on this machine or a private network.")
    ca_file: str | None = Field(default=None, description="Certificates to trust instead of the public ones (PEM).")
    max_page_bytes: int = Field(default=64 * 1024 * 1024, ge=1, description="An answer larger than this is refused.")
    envelope_error: EnvelopeError | None = None
    deleted: Deleted | None = None
    key: Expression | None = Field(default=None, description="JMESPath to a deleted record's key.")

    @model_validator(mode="after")
    def _consistent(self) -> RestConfig:
        """Refuse what would leak or cannot work."""
        if self.url.lower().startswith("http:") and not self.allow_private:
            message = (
                "`url` must be https: records and credentials would travel in the clear (http needs allow_private)"
            )
            raise ValueError(message)
        if self.deleted is not None and self.key is None:
            message = "`deleted` needs `key`, or nobody knows which record is gone"
            raise ValueError(message)
        names = self.computed_parameters()
        doubled = [name for name in names if name in self.parameters or names.count(name) > 1]
        if doubled:
            message = f"the query parameter `{doubled[0]}` is set twice"
            raise ValueError(message)
        return self

    def computed_parameters(self) -> list[str]:
        """The query parameters that the connector sets itself."""
        paging = self.pagination
        names: list[str | None] = [self.incremental.parameter if self.incremental else None]
        if isinstance(paging, OffsetPaging):
            names += [paging.offset_parameter, paging.size_parameter]
        elif isinstance(paging, PagePaging):
            names += [paging.page_parameter, paging.size_parameter]
        return [name for name in names if name is not None]
