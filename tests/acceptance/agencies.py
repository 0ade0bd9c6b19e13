"""Input for workers that are killed: a folder of three sources on two days, small and with everything that bites."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random
    from pathlib import Path

DOCUMENT = """<?xml version="1.0"?>
<r:Report xmlns:r="http://example.com/report/1.0" xmlns:nc="http://niem.gov/niem/niem-core/2.0"
    xmlns:s="http://niem.gov/niem/structures/2.0">
  <nc:ActivityIdentification><nc:IdentificationID>{number}</nc:IdentificationID></nc:ActivityIdentification>
  <nc:Person s:id="P1"><nc:PersonName><nc:PersonFullName>{name}</nc:PersonFullName></nc:PersonName></nc:Person>
</r:Report>
"""


def write_day(folder: Path, day: int, rng: random.Random) -> None:
    """What the three sources hold on day 1, or on day 2, when much has changed."""
    folder.mkdir(parents=True, exist_ok=True)
    _journal(folder, day, rng)
    _rows(folder / "rows", day)
    _documents(folder / "documents", day)


def _journal(folder: Path, day: int, rng: random.Random) -> None:
    """Records come, change, change back, go, come back, arrive late, and cannot be read; day 2 adds to day 1."""
    lines: list[dict[str, Any]] = []
    for n in range(45 * day):
        number = f"J{rng.randrange(24)}"
        kind = rng.choices(["case", "deleted", "bad", "torn", "subscription", "test", "late"], [30, 3, 2, 1, 1, 1, 2])[
            0
        ]
        one: dict[str, Any] = {"id": number, "at": f"2024-01-01T00:{n // 60:02}:{n % 60:02}Z"}
        if kind == "deleted":
            one = {"deleted": number, "n": n}
        elif kind in {"torn", "subscription"}:
            one = {kind: n}
        else:
            one["status"] = rng.choice(["open", "closed"])
            one["text"] = rng.choice(["", "call 313-555-0100", "ig: @owl7 and plate MI ABC1234"])
            one["people"] = [
                {"pid": f"P{rng.randrange(6)}", "name": "Jane Roe", "phones": [f"313-555-010{rng.randrange(4)}"]}
                for _ in range(rng.randrange(3))
            ]
            if rng.random() < 0.2:
                one["no"] = f"J{rng.randrange(24)}"
            if kind == "bad":
                del one["status"]
            if kind == "test":
                one["kind"] = "test"
            if kind == "late":
                one["at"] = "2023-01-01"
        lines.append(one)
    text = "".join(json.dumps(one) + "\n" for one in lines)
    (folder / "journal.jsonl").write_text(text, encoding="utf-8")


def _rows(folder: Path, day: int) -> None:
    folder.mkdir(exist_ok=True)
    persons = ["CASE_NO,PID,LAST,FIRST,CELL,ROLE"]
    for place in range(1, day + 2):
        cases = ["CASE_NO,STATUS,UPDATED,NARRATIVE"]
        for n in range(12):
            number = f"R{place}-{n}"
            status = "" if n == 7 and place == day else "PURGED" if n == 3 + day else f"OPEN{day if n % 4 == 0 else 1}"
            cases.append(f"{number},{status},2024-0{day}-01,ig: @owl{n}")
            persons.append(f"{number},P{n % 5},Roe{n % 5},Jane,313-555-01{n:02},witness")
        persons.append(f"nobody-{place},P9,Poe,Al,,witness")
        (folder / f"cases-{place}.csv").write_text("\n".join(cases) + "\n", encoding="utf-8")
    (folder / "persons.csv").write_text("\n".join(persons) + "\n", encoding="utf-8")
    if day == 1:
        (folder / "cases-9.csv").write_text(
            'CASE_NO,STATUS,UPDATED,NARRATIVE\n9,OPEN,2024-01-01,"torn', encoding="utf-8"
        )
    else:
        (folder / "cases-9.csv").write_text(
            "CASE_NO,STATUS,UPDATED,NARRATIVE\n9,OPEN,2024-01-01,whole\n", encoding="utf-8"
        )


def _documents(folder: Path, day: int) -> None:
    folder.mkdir(exist_ok=True)
    for n in range(4 + day):
        name = f"Al Poe {day if n % 2 else 1}"
        (folder / f"d{n}.xml").write_text(DOCUMENT.format(number=f"D{n}", name=name), encoding="utf-8")
    torn = DOCUMENT.format(number="D99", name="Jo Coe")
    (folder / "torn.xml").write_text(torn[:200] if day == 1 else torn, encoding="utf-8")
