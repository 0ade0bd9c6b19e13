"""Numbers that could not belong to anybody: phones kept for fiction, VINs with a true check digit, plates, licences."""

from __future__ import annotations

from random import Random

AREA_CODES = ("231", "989", "906", "616", "517", "269", "248", "313", "586", "734", "810", "947")
"""Of the state in which the fictional county lies; the region's own come first."""

FICTION = 100
"""555-0100 to 555-0199 are never assigned."""

_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN_VALUES = {
    **{str(digit): digit for digit in range(10)},
    **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
    **dict(zip("JKLMN", range(1, 6), strict=True)),
    "P": 7,
    "R": 9,
    **dict(zip("STUVWXYZ", range(2, 10), strict=True)),
}
_VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_YEAR_CODES = "ABCDEFGHJKLMNPRSTVWXY"
_FIRST_YEAR = 2010


class Phones:
    """Hands out every fictional number once, in an order that the seed decides."""

    def __init__(self, rng: Random) -> None:
        """Shuffle the numbers within each area code, the region's own codes first."""
        self._left: list[str] = []
        for code in reversed(AREA_CODES):
            numbers = [f"{code}55501{line:02d}" for line in range(FICTION)]
            rng.shuffle(numbers)
            self._left.extend(numbers)
        near = self._left[-3 * FICTION :]
        rng.shuffle(near)
        self._left[-3 * FICTION :] = near

    def take(self) -> str:
        """A number of ten digits that nobody else has."""
        return self._left.pop()


def spell(number: str, rng: Random) -> str:
    """One of the ways in which officers write a number down."""
    area, exchange, line = number[:3], number[3:6], number[6:]
    return rng.choice(
        (
            f"{area}-{exchange}-{line}",
            f"({area}) {exchange}-{line}",
            f"{area}.{exchange}.{line}",
            number,
            f"+1 {area} {exchange} {line}",
            f"1-{area}-{exchange}-{line}",
            f"({area}){exchange}-{line}",
        )
    )


def e164(number: str) -> str:
    """The same number as the graph keeps it."""
    return f"+1{number}"


def check_digit(vin: str) -> str:
    """The ninth character that a North American VIN must have (49 CFR 565)."""
    total = sum(_VIN_VALUES[char] * weight for char, weight in zip(vin, _VIN_WEIGHTS, strict=True))
    return "X" if total % 11 == 10 else str(total % 11)  # noqa: PLR2004 - modulo 11 writes ten as X


def vin(rng: Random, year: int) -> str:
    """A VIN of the year with a true check digit, of a maker code (1ZZ) that stands for none here."""
    letters = "".join(rng.choice(_VIN_LETTERS) for _ in range(5))
    serial = f"{rng.randrange(100_000, 999_999)}"
    draft = f"1ZZ{letters}0{_YEAR_CODES[year - _FIRST_YEAR]}{rng.choice('ABCDF')}{serial}"
    return draft[:8] + check_digit(draft) + draft[9:]


def plate(rng: Random) -> str:
    """A plate in the state's form, of a series (X, Z) that it does not issue."""
    letters = rng.choice("XZ") + "".join(rng.choice("ABCDEFGHJKLMNPRSTVWX") for _ in range(2))
    return f"{letters}{rng.randrange(1000, 9999)}"


def licence(rng: Random, surname: str) -> str:
    """A driver licence number in the state's form: a letter and twelve digits."""
    return surname[0].upper() + f"{rng.randrange(10**12):012d}"
