"""The house keeps its promises: what is pinned, what the door offers, and that the image fits the project."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
LAYERS = ["casefold", "service", "connectors", "mapping", "graph", "schemas", "config"]


@pytest.fixture
def door() -> Any:
    """`./dev`, imported."""
    loader = SourceFileLoader("dev_door", str(ROOT / "dev"))
    spec = importlib.util.spec_from_loader("dev_door", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "dont_write_bytecode", True)
        loader.exec_module(module)
    return module


def dockerfile() -> dict[str, list[str]]:
    """The Dockerfile's instructions: name -> arguments, in order."""
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    instructions: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, rest = line.partition(" ")
            instructions.setdefault(name, []).append(rest.strip())
    return instructions


# --- lock files ---


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_file_names_no_address(lock: Path) -> None:
    text = lock.read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*-", text.replace("    --hash=sha256:", ""), re.MULTILINE)
    assert str(ROOT) not in text


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_pin_has_a_hash(lock: Path) -> None:
    lines = [line for line in lock.read_text("utf-8").splitlines() if not line.startswith("#")]
    pins = [index for index, line in enumerate(lines) if not line.startswith(" ")]
    assert len(pins) >= 2
    for index in pins:
        assert re.match(r"[a-z0-9-]+==\S+ ", lines[index]), lines[index]
        assert lines[index + 1].startswith("    --hash=sha256:")


def test_the_lock_files_are_those_of_pyproject(door: Any) -> None:
    assert door.stale_locks() == ""


def test_check_finds_a_lock_that_is_old_or_names_an_address(door: Any, tmp_path: Path) -> None:
    for lock in LOCKS:
        (tmp_path / lock.name).write_text(lock.read_text("utf-8"), "utf-8")
    core = tmp_path / "core.txt"
    core.write_text("# older\n--index-url https://registry.example/simple\nhttpx==0.28.1\n", "utf-8")
    door.REQUIREMENTS = tmp_path
    complaints = door.stale_locks().splitlines()
    assert [complaint.split(":")[0] for complaint in complaints] == [
        "requirements/core.txt is older than pyproject.toml",
        "requirements/core.txt names an address",
        "requirements/core.txt has a pin without a hash",
    ]


def test_what_runs_is_pinned_alike_in_every_environment() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[a-z0-9-]+==\S+", (ROOT / "requirements" / name).read_text("utf-8"), re.MULTILINE))

    assert pins("core.txt") <= pins("dev.txt")
    assert pins("core.txt") <= pins("bench.txt")
    assert pins("build.txt") <= pins("dev.txt")


# --- the door ---


def test_the_door_lists_its_jobs(door: Any) -> None:
    shown = subprocess.run([ROOT / "dev", "--help"], capture_output=True, text=True, check=True).stdout
    for job in door.JOBS:
        assert re.search(rf"^  {job}\b", shown, re.MULTILINE)


def test_an_unknown_job_says_which_there_are() -> None:
    done = subprocess.run([ROOT / "dev", "tets"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "There is no job 'tets'" in done.stderr
    assert "demo, test, check" in done.stderr


def test_a_second_call_installs_nothing_and_a_changed_pin_does(door: Any, tmp_path: Path) -> None:
    installed: list[tuple[Any, ...]] = []
    door.install = lambda _folder, *what: installed.append(what)
    door.make_environment = lambda folder: (folder / "bin").mkdir(parents=True, exist_ok=True)
    door.ENVIRONMENTS = {name: (str(tmp_path / "env"), files) for name, (_, files) in door.ENVIRONMENTS.items()}
    (tmp_path / "env" / "bin").mkdir(parents=True)
    (tmp_path / "env" / "bin" / "python").touch()
    door.REQUIREMENTS = tmp_path
    for lock in LOCKS:
        (tmp_path / lock.name).write_text(lock.read_text("utf-8"), "utf-8")

    door.prepare("dev")
    assert len(installed) == 2
    assert "--require-hashes" in installed[0]
    door.prepare("dev")
    door.prepare("core")  # dev holds core
    assert len(installed) == 2
    (tmp_path / "dev.txt").write_text("# another pin", "utf-8")
    door.prepare("dev")
    assert len(installed) == 4


def test_pip_is_taken_where_uv_cannot_install(door: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = tmp_path / "ran"
    for name in ("uv", "python"):
        program = tmp_path / name if name == "uv" else tmp_path / "env" / "bin" / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(f'#!/bin/sh\necho {name} "$@" >> {ran}\n[ {name} = python ]\n', "utf-8")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    door.install(tmp_path / "env", "-r", "core.txt")
    lines = ran.read_text("utf-8").splitlines()
    assert lines[0].startswith("uv pip install")
    assert lines[-1] == "python -m pip install --disable-pip-version-check --no-input --quiet -r core.txt"


def test_an_old_python_is_told_what_to_do(
    door: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert door.main(["test"]) == 2
    assert "Casefold needs Python 3.11 or newer" in capsys.readouterr().err


def test_the_tests_run_on_several_workers_unless_one_is_asked_for(
    door: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    started: list[list[str]] = []
    door.prepare = lambda _environment: tmp_path
    door.become = lambda *command: started.append([str(part) for part in command[3:]])
    monkeypatch.chdir(tmp_path)
    door.test(["--cov", "--long"])
    door.test(["tests/unit/test_house.py::test_a"])
    door.test(["-n", "0"])
    assert started[0][:4] == ["--long", "--cov", "--cov-report=term-missing:skip-covered", "-n"]
    assert started[1:] == [["tests/unit/test_house.py::test_a"], ["-n", "0"]]


# --- packages and layers ---


def test_wheel_types_coverage_and_layers_speak_of_the_same_folders() -> None:
    tool = PYPROJECT["tool"]
    assert sorted(tool["hatch"]["build"]["targets"]["wheel"]["packages"]) == sorted(LAYERS)
    assert sorted(tool["coverage"]["run"]["source"]) == sorted(LAYERS)
    assert sorted(tool["importlinter"]["root_packages"]) == sorted(LAYERS)
    assert set(LAYERS) <= set(tool["mypy"]["files"])
    assert [folder for folder in LAYERS if not (ROOT / folder / "__init__.py").is_file()] == []


@pytest.mark.parametrize(
    ("folder", "imported"),
    [("schemas", "graph"), ("graph", "mapping"), ("connectors", "service"), ("config", "graph"), ("service", "config")],
)
def test_an_import_against_the_layers_is_found(folder: str, imported: str, tmp_path: Path) -> None:
    for name in LAYERS:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text("utf-8"), "utf-8")
    linter = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"]
    kept = subprocess.run(linter, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert kept.returncode == 0, kept.stdout
    (tmp_path / folder / "wrong.py").write_text(f"import {imported}\n", "utf-8")
    broken = subprocess.run(linter, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert broken.returncode == 1
    assert f"{folder} is not allowed to import {imported}" in broken.stdout


def test_every_ignored_rule_carries_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    ignores = [line for line in text.splitlines() if re.match(r'  "[A-Z]+[0-9]*",', line)]
    assert len(ignores) > 20
    assert [line for line in ignores if not re.search(r"# \S.{2,}", line)] == []


# --- image, compose file and CI ---


def test_the_image_has_a_python_that_the_project_supports() -> None:
    for base in dockerfile()["FROM"]:
        version = re.match(r"python:(3\.\d+)-", base)
        assert version is not None
        assert f"Programming Language :: Python :: {version[1]}" in PYPROJECT["project"]["classifiers"]


def test_the_image_takes_the_steps_of_the_door_and_runs_as_nobody_special(door: Any) -> None:
    steps = dockerfile()
    assert "./dev install /opt/casefold" in steps["RUN"]
    assert "install" in door.JOBS
    assert steps["USER"] == ["casefold"]
    assert steps["ENTRYPOINT"] == ['["casefold"]']
    assert steps["HEALTHCHECK"][0].endswith('CMD ["casefold", "doctor"]')
    assert "casefold" in PYPROJECT["project"]["scripts"]


def test_the_image_is_given_what_the_door_reads() -> None:
    given = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    readme_and_licence = {PYPROJECT["project"]["readme"], *PYPROJECT["project"]["license-files"]}
    assert {*LAYERS, "requirements", "dev", "pyproject.toml", *readme_and_licence} <= given
    assert [name for name in given if not (ROOT / name).exists()] == []


def test_compose_waits_for_a_database_that_we_support() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
    assert services["casefold"]["build"] == "."
    assert services["casefold"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert services["database"]["image"].startswith("postgres:15")
    assert "pg_isready" in str(services["database"]["healthcheck"]["test"])
    assert services["casefold"]["environment"]["CASEFOLD_DATABASE"].startswith(
        "postgresql+psycopg://casefold@database/"
    )


def test_compose_asks_for_a_password_and_has_none() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
    for secret in (
        services["database"]["environment"]["POSTGRES_PASSWORD"],
        services["casefold"]["environment"]["PGPASSWORD"],
    ):
        assert secret.startswith("${CASEFOLD_DATABASE_PASSWORD:?")


def test_ci_can_be_run_and_takes_the_commands_of_the_readme() -> None:
    ci = ROOT / ".ci" / "run"
    assert os.access(ci, os.X_OK)
    text = ci.read_text("utf-8")
    for command in ("./dev check", "./dev test", "./dev install"):
        assert command in text
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "./dev demo" in readme
    assert "./dev test" in readme


# --- what is written about it ---


def test_links_in_readme_and_decisions_lead_somewhere() -> None:
    for page in (ROOT / "README.md", ROOT / "docs" / "decisions" / "README.md"):
        links = re.findall(r"\]\(([^):#]+)\)", page.read_text("utf-8"))
        assert links
        assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_decision_is_listed_under_its_title() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = (folder / "README.md").read_text("utf-8")
    for record in folder.glob("[0-9]*.md"):
        number, _, title = record.read_text("utf-8").splitlines()[0].removeprefix("# ").partition(" ")
        assert record.name.startswith(number)
        assert f"| [{number}]({record.name}) | {title} |" in listed, f"list {record.name} in docs/decisions/README.md"


def test_the_readme_speaks_of_commands_that_there_are() -> None:
    from typer.main import get_command

    from casefold.cli import app

    known = set(get_command(app).commands)  # type: ignore[attr-defined] # a group, since it has several commands
    text = (ROOT / "README.md").read_text("utf-8")
    spoken = set(re.findall(r"(?:^|`)casefold ([a-z]+)", text, re.MULTILINE))
    assert {"init", "check", "preview", "sync", "search", "explain", "doctor"} <= spoken <= known
