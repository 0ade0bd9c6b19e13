"""The mess of real files: slips of the pen, capitals, names that lost a letter; never in a number or address."""

from __future__ import annotations

from random import Random

SLIPS = {
    "approximately": "aproximately", "vehicle": "vehcile", "received": "recieved", "advised": "advsied",
    "returned": "retruned", "answered": "anwsered", "separated": "seperated", "their": "thier",
    "stated": "sated", "entered": "enterd", "approached": "aproached", "reported": "reproted",
    "unidentified": "unidentifed", "located": "loacted", "contacted": "conatcted",
}  # fmt: skip
SHORT = {
    "reporting party": "R/P", "approximately": "approx", "subject": "subj", "vehicle": "veh", "information": "info",
    "number": "no.",
}  # fmt: skip
PLAIN = str.maketrans({"é": "e", "É": "E"})


def slips(text: str, rng: Random, share: float) -> str:
    """The text with each known word misspelled with that probability."""
    words = text.split(" ")
    return " ".join(SLIPS[word] if word in SLIPS and rng.random() < share else word for word in words)


def shortened(text: str) -> str:
    """The text as somebody in a hurry writes it."""
    words = text.split(" ")
    return " ".join(SHORT.get(word, word) for word in words)


def shouted(text: str) -> str:
    """ALL CAPS, as many report forms force it; an address that was pasted in keeps its letters."""
    return " ".join(word if "://" in word else word.upper() for word in text.split(" "))


def typed(name: str, rng: Random, share: float) -> str:
    """A name, with that probability one letter short or two letters swapped."""
    if len(name) < 5 or rng.random() >= share:  # noqa: PLR2004 - short names are typed well
        return name
    at = rng.randrange(1, len(name) - 2)
    if rng.random() < 0.5:  # noqa: PLR2004 - one in two
        return name[:at] + name[at + 1 :]
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
