"""What stands in a record is shown as it was written and can do nothing to a terminal, to our markup or to JSON."""

from __future__ import annotations

import io
import json
import logging

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.table import Table

from casefold.terminal import Screen, harmless, marked, plain, printable, set_up_logging

NASTY = [
    "[bold]x[/bold]",
    r"\[bold]x",
    "[/]",
    "[",
    "]",
    "[red",
    "\\",
    r"a\\",
    r"\[/]\[",
    "[link=file:///etc/passwd]x[/link]",
    ":warning:",
    "[1] [@click=x]",
]


def printed(markup: str) -> str:
    file = io.StringIO()
    Screen(file=file, width=500, highlight=False, soft_wrap=True, emoji=False).print(markup)
    return file.getvalue().removesuffix("\n")


@pytest.mark.parametrize("text", NASTY)
def test_markup_in_a_record_is_shown_as_it_was_written(text: str) -> None:
    assert printed(f"[red]{plain(text)}[/] {plain(text)}") == f"{text} {text}"
    assert marked(f"[red]{plain(text)}[/]").plain == text


@pytest.mark.parametrize("text", NASTY)
def test_a_cell_of_a_table_shows_it_too(text: str) -> None:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_row(plain(text))
    file = io.StringIO()
    Screen(file=file, width=500, emoji=False).print(table)
    assert file.getvalue().rstrip() == text


@given(st.lists(st.text(), min_size=1, max_size=4))
@example(["[", "bold]"])
@example(["\\", "[/]"])
def test_no_text_beside_another_becomes_markup_or_a_command(pieces: list[str]) -> None:
    shown = printed("[bold]".join(plain(piece) for piece in pieces))
    assert shown == "".join(printable(piece) for piece in pieces)
    assert shown.isprintable()


@pytest.mark.parametrize("bad", ["\x1b[2J", "\x07", "\r", "\x9b31m", "\u202e", "\x00", "\ud800", "\ue000", "\x7f"])
def test_what_a_terminal_obeys_is_replaced(bad: str) -> None:
    assert printable(f"a{bad}b").isprintable()


def test_blanks_of_all_kinds_are_blanks_and_a_value_stays_on_its_line() -> None:
    assert printable("a\u00a0b\tc\nd\u2028e") == "a b c d e"


@given(st.text())
def test_harmless_json_says_the_same_and_commands_nothing(text: str) -> None:
    raw = json.dumps({"a": text}, ensure_ascii=False).encode("utf-8", "replace")
    safe = harmless(raw)
    assert json.loads(safe) == json.loads(raw)
    assert not {*map(chr, range(0x7F, 0xA0)), *map(chr, range(0x202A, 0x202F))} & set(safe.decode())


def test_a_log_line_loses_its_control_characters(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(verbose=True)
    logging.getLogger("casefold.test").info("file %s [bold]", "\x1b[2Jx")
    said = capsys.readouterr().err
    assert "[2Jx" in said
    assert "[bold]" in said
    assert "\x1b[2J" not in said
