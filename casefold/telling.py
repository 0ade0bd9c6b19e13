"""The demo's story on a terminal: a few paragraphs and tables, for an officer or a chief."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from casefold.demo import Story, Teller
from casefold.terminal import marked, plain, printable
from config.demo.cases import AGENCIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casefold.answer import Answer, Contact, User

WIDEST = 110
COLUMNS = {"Person": "people", "Phone": "phones", "Email": "e-mails", "Ad": "ads", "Vehicle": "cars", "Note": "notes"}
NAMES = {agency.ori: agency.name for agency in AGENCIES}
SHORT = {agency.ori: agency.short for agency in AGENCIES}
NOTHING = "[dim]-[/]"


class TerminalTeller(Teller):
    """Prints each part of the story as soon as it is known."""

    def __init__(self, console: Console) -> None:
        """Print on that console, no wider than people like to read."""
        self.console = console
        self.width = min(console.width, WIDEST)

    def opening(self, story: Story) -> None:
        """Say what this is."""
        self._rule("Three agencies, one network, and nobody who knows it")
        self._say(
            f"Everything here is invented (seed {story.seed}). {', '.join(NAMES.values())}: each keeps its own files, "
            "in a system of its own, and cannot see the others'."
        )

    def arrived(self, story: Story) -> None:
        """Say what came in."""
        self._rule("1  What arrived")
        table = self._table("agency", "its system")
        for name in ("records", *COLUMNS.values()):
            table.add_column(name, justify="right")
        for arrival in story.arrivals:
            counts = [arrival.records, *(arrival.nodes[name] for name in COLUMNS)]
            table.add_row(SHORT[arrival.agency], arrival.system, *(f"{count:,}" for count in counts))
        self._show(table)
        unread = sum(arrival.quarantined for arrival in story.arrivals)
        self._say(
            f"Folded into one graph of {story.nodes:,} nodes and {story.edges:,} edges in "
            f"{sum(arrival.seconds for arrival in story.arrivals):.1f} seconds. "
            + (f"{unread} records wait in quarantine." if unread else "Every record could be read.")
        )

    def unchanged(self, story: Story) -> None:
        """Say that reading again changes nothing."""
        if story.again is None:
            return
        self._rule("2  The same files once more")
        self._say(
            f"Both folders and the bureau's recent changes, {story.again.pulled:,} records: {story.again.unchanged:,} "
            f"unchanged, {story.again.mapped:,} written. A sync may run as often as one likes."
        )

    def followed(self, story: Story) -> None:
        """Say how the graph followed a correction and a withdrawal."""
        told = story.followed
        if told is None:
            return
        self._rule("3  An agency corrects its files, and the graph follows")
        table = self._table(NAMES[told.agency], "before", "after")
        before, after = (_phones(phones) for phones in (told.phones_before, told.phones_after))
        _row(table, f"{plain(told.changed)}, corrected: phone of {plain(told.person)}", before, after)
        withdrawn = f"{plain(told.deleted)}, withdrawn: people and things it names"
        _row(table, withdrawn, str(told.nodes_before), str(told.nodes_after))
        self._show(table)

    def answered(self, story: Story) -> None:
        """Ask the question, and say what each agency alone would have found."""
        if story.answer is None:
            return
        self._rule("4  To which phone and e-mail do all the ads come back, and who uses them?")
        self._contacts(story.answer)
        self._rule("5  What each agency would have found alone")
        table = self._table("agency", "ads", "their phone", "who uses it", "their e-mail", "who uses it")
        for agency, alone in story.alone.items():
            ends = [cell for contact in (alone.phone, alone.email) for cell in _cells(contact)]
            _row(table, SHORT[agency], str(alone.ads), *ends)
        self._show(table)
        name = next(iter(story.answer.shared_names), "NAME")
        self._say(f"Look around: [bold]casefold search {plain(name)} --home {plain(story.home)}[/]")

    def _contacts(self, answer: Answer) -> None:
        share = "Every one comes" if answer.ads_by_either == answer.ads else f"{answer.ads_by_either} of them come"
        self._say(
            f"The graph holds {answer.ads} online ads. {share} back to one phone or one e-mail; "
            f"{answer.ads_by_both} stand in two agencies' files and come back to both."
        )
        for contact, verb in ((answer.phone, "answers"), (answer.email, "posted")):
            if contact is not None:
                self._contact(contact, verb)
        shared = [f"the name “{plain(name)}”" for name in answer.shared_names]
        shared += [f"the car with VIN {vin}" for vin in answer.shared_vehicles]
        if shared:
            self._say(
                f"What ties the two: {' and '.join(shared)}. Casefold merges nobody by a name; whether this is one "
                "person is for an investigator to say."
            )

    def _contact(self, contact: Contact, verb: str) -> None:
        agencies = " and ".join(NAMES[agency] for agency in contact.agencies)
        self._say(f"[bold green]{plain(spoken(contact.value))}[/] {verb} {contact.ads} ads, says {agencies}.")
        for alike in _alike(contact.users):
            said = [source for user in alike for source in user.said_by]
            numbers = ", ".join(plain(source.number) for source in said)
            who = " and ".join(sorted({NAMES[source.agency] for source in said}))
            self._say(f"used by {_named(alike[0])}, says {who} ({numbers}):", 2)
            words = min((source.words for source in said if source.words), key=len, default="")
            if words:
                self._show(Padding(Text(f"“{printable(words)}”", style="italic"), (0, 0, 0, 4), expand=False))

    def _rule(self, title: str) -> None:
        self.console.print()
        self.console.print(f"[bold cyan]{title}[/]")

    def _say(self, text: str, indent: int = 0) -> None:
        self._show(Padding(marked(text), (0, 0, 0, indent), expand=False))

    def _show(self, shown: Table | Padding) -> None:
        self.console.print(shown, width=self.width, soft_wrap=False)

    def _table(self, *columns: str) -> Table:
        table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
        for column in columns:
            table.add_column(column, overflow="fold")
        return table


def _phones(numbers: Sequence[str]) -> str:
    return ", ".join(plain(spoken(number)) for number in numbers) or NOTHING


def _row(table: Table, *cells: str) -> None:
    table.add_row(*map(marked, cells))


def spoken(value: str) -> str:
    """A North American number as people say it; anything else as it is."""
    if value.startswith("+1") and len(value) == len("+12315550123"):
        return f"({value[2:5]}) {value[5:8]}-{value[8:]}"
    return value


def _alike(users: Sequence[User]) -> list[list[User]]:
    """Users who are named alike, side by side: nobody has said that they are one."""
    groups: dict[tuple[str, ...], list[User]] = {}
    for user in users:
        groups.setdefault((user.name.casefold(), *(name.casefold() for name in user.known_as)), []).append(user)
    return [groups[key] for key in sorted(groups)]


def _named(user: User) -> str:
    street_names = " or ".join(f"“{plain(name)}”" for name in user.known_as)
    if not user.name:
        return f"somebody known only as [bold]{street_names}[/]" if street_names else "somebody without a name"
    return f"[bold]{plain(user.name)}[/]" + (f", known as [bold]{street_names}[/]" if street_names else "")


def _cells(contact: Contact | None) -> tuple[str, str]:
    """A contact and its users as two cells of a table."""
    if contact is None:
        return NOTHING, NOTHING
    users = {plain(user.name or " or ".join(user.known_as)) for user in contact.users}
    return plain(spoken(contact.value)), ", ".join(sorted(users)) or NOTHING
