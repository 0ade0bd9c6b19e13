"""A home is read whole and checked before anything is opened; a complaint names file, line and key."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from casefold.initialize import initialize
from casefold.settings import load_settings
from casefold.wiring import build, wire
from schemas.records import BadConfiguration

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = """\
casefold: source/1
agency: MI8234500
connector: {kind: csv, path: drop}
mapping: pd.yaml
"""
MAPPING = """\
casefold: mapping/1
reader: table
key: NO
entities:
  incident: {type: Incident, properties: {number: NO}}
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with one source."""
    initialize(tmp_path)
    (tmp_path / "drop").mkdir()
    (tmp_path / "sources" / "pd.yaml").write_text(SOURCE)
    (tmp_path / "mappings" / "pd.yaml").write_text(MAPPING)
    return tmp_path


def test_a_home_that_init_made_is_valid_and_private(tmp_path: Path) -> None:
    made = initialize(tmp_path / "home")

    assert {path.name for path in made} >= {"casefold.yaml", "sources", "mappings", "agreements", "identity.key"}
    assert stat.S_IMODE((tmp_path / "home" / "identity.key").stat().st_mode) == 0o600
    assert load_settings(tmp_path / "home").sources == ()
    assert initialize(tmp_path / "home") == [], "a second init touches nothing"


def test_the_example_files_that_init_writes_work_as_they_stand(tmp_path: Path) -> None:
    initialize(tmp_path)
    for folder in ("sources", "mappings"):
        example = tmp_path / folder / "police.yaml.example"
        example.rename(tmp_path / folder / "police.yaml")
    settings = load_settings(tmp_path)

    (source,) = settings.sources
    assert source.settings.name == "police"
    assert wire(settings, source).source.agency == "MI0000000"


def test_a_folder_without_configuration_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="casefold init --home"):
        load_settings(tmp_path)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("casefold.yaml", "database:", "databse:", r"casefold\.yaml:6: databse: .*did you mean 'database'"),
        ("sources/pd.yaml", "agency: MI8234500", "agency: MI82", r"sources/pd\.yaml:2: agency: "),
        (
            "sources/pd.yaml",
            "mapping: pd.yaml",
            "maping: pd.yaml",
            r"sources/pd\.yaml:4: maping: .*did you mean 'mapping'",
        ),
        (
            "sources/pd.yaml",
            "mapping: pd.yaml",
            "mapping: pb.yaml",
            r"sources/pd\.yaml:4: mapping: .*did you mean 'pd\.yaml'",
        ),
        ("casefold.yaml", "home/1", "home/2", r"casefold\.yaml:2: casefold: 'home/2' is not known here"),
        ("casefold.yaml", "file:identity.key", "files:identity.key", r"casefold\.yaml:10: identity_key: .*reference"),
        (
            "casefold.yaml",
            "file:identity.key",
            "file:identiti.key",
            r"casefold\.yaml:10: identity_key: the secret",
        ),
        ("sources/pd.yaml", "agency: MI8234500", "agency: [MI8234500]", r"sources/pd\.yaml:2: agency: an ORI has 9"),
        ("sources/pd.yaml", "source/1", "source/1\nname: P D", r"sources/pd\.yaml:2: name: 'P D' cannot be a source's"),
        ("sources/pd.yaml", SOURCE, "- a\n- b\n", r"sources/pd\.yaml:1: this should be a map$"),
        ("sources/pd.yaml", SOURCE, "", r"sources/pd\.yaml:1: the key 'agency' is missing"),
        ("sources/pd.yaml", "kind: csv", "kind: cvs", r"sources/pd\.yaml:3: connector\.kind: .*csv"),
        ("sources/pd.yaml", "path: drop", "pth: drop", r"sources/pd\.yaml:3: .*pth.*path"),
        ("mappings/pd.yaml", "reader: table", "reader: tabel", r"^mappings/pd\.yaml:2: reader: .*did you mean 'table'"),
        ("mappings/pd.yaml", "number: NO", "numbr: NO", r"pd\.yaml:5: .*numbr.*did you mean 'number'"),
        ("mappings/pd.yaml", "key: NO", "key: [NO", r"pd\.yaml:\d+: this is not valid YAML"),
        ("mappings/pd.yaml", "key: NO", "key: NO\nkey: NR", r"pd\.yaml:4: the key 'key' stands twice"),
    ],
)
def test_a_typo_is_named_with_file_line_and_the_nearest_valid_word(
    home: Path, file: str, old: str, new: str, said: str
) -> None:
    path = home / file
    path.write_text(path.read_text().replace(old, new, 1))

    with pytest.raises(BadConfiguration, match=said):
        build(load_settings(home))
    assert not (home / "casefold.db").exists(), "nothing is opened before everything is checked"


REST = """\
agency: MI8234500
connector:
  kind: rest
  url: https://rms.example.gov
  pagination: {kind: offset, size: 100}
  auth:
    kind: bearer
    token: env:TOKEN
mapping: pd.yaml
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("size: 100", "sise: 100", r"rest\.yaml:5: connector\.pagination\.sise: unknown key .* did you mean 'size'"),
        ("kind: offset", "kind: ofset", r"rest\.yaml:5: connector\.pagination: 'ofset' .* did you mean 'offset'"),
        ("kind: bearer", "kined: bearer", r"rest\.yaml:6: connector\.auth: the key 'kind' is missing"),
        ("token: env", "tokn: env", r"rest\.yaml:8: connector\.auth\.tokn: .* did you mean 'token'"),
        ("https:", "http:", r"rest\.yaml:4: connector\.url: `url` must be https"),
        ("url: https", "ulr: https", r"rest\.yaml:4: connector\.ulr: .* did you mean 'url'"),
    ],
)
def test_a_typo_in_one_of_several_forms_is_told_of_the_form_that_was_chosen(
    home: Path, old: str, new: str, said: str
) -> None:
    (home / "sources" / "rest.yaml").write_text(REST.replace(old, new, 1))

    with pytest.raises(BadConfiguration, match=said):
        build(load_settings(home))


@pytest.mark.parametrize("written", ["env:TOKENS CANARY", "CANARY", "Bearer CANARY", "['CANARY']", "{a: CANARY}"])
def test_a_secret_that_was_written_out_is_refused_and_not_repeated(home: Path, written: str) -> None:
    (home / "sources" / "rest.yaml").write_text(REST.replace("env:TOKEN", written, 1))

    if written.startswith("env:"):
        build(load_settings(home)).close()  # a reference, though an odd one: it fails when it is used
        return
    with pytest.raises(BadConfiguration, match=r"rest\.yaml:8: connector\.auth\.token") as caught:
        build(load_settings(home))
    assert "CANARY" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:CANARY@host/db",
        "postgresql+psycopg://user:CANARY@host:notaport/db",
        "postgresql://host/db?user=x&password=CANARY",
        "CANARY://x:CANARY@y",
    ],
)
def test_a_database_url_with_a_password_must_be_a_reference(home: Path, url: str) -> None:
    path = home / "casefold.yaml"
    path.write_text(path.read_text().replace("sqlite:///casefold.db", url))

    with pytest.raises(BadConfiguration, match=r"casefold\.yaml:6: database: .* env:NAME or file:PATH") as caught:
        load_settings(home)
    assert "CANARY" not in str(caught.value)


@pytest.mark.parametrize("url", ["postgresql://u:p@ss@CANARY:CANARY/db", "CANARY", "postgresql://u:[CANARY@x:y/db", ""])
def test_a_database_url_that_cannot_be_read_is_not_repeated(
    home: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    path = home / "casefold.yaml"
    path.write_text(path.read_text().replace("sqlite:///casefold.db", "env:CASEFOLD_TEST_DATABASE"))
    monkeypatch.setenv("CASEFOLD_TEST_DATABASE", url)

    with pytest.raises(BadConfiguration, match="URL cannot be read") as caught:
        build(load_settings(home))
    assert "CANARY" not in str(caught.value)


@pytest.mark.parametrize(("name", "said"), [("PD.yaml", "'PD' cannot be"), ("two.yml", r"rename it to two\.yaml")])
def test_a_source_file_that_would_be_missed_or_misnamed_says_how_to_name_it(home: Path, name: str, said: str) -> None:
    (home / "sources" / name).write_text(SOURCE)

    with pytest.raises(BadConfiguration, match=said):
        load_settings(home)


def test_two_sources_cannot_share_a_name(home: Path) -> None:
    (home / "sources" / "two.yaml").write_text(SOURCE + "name: pd\n")

    with pytest.raises(BadConfiguration, match=r"sources/two\.yaml:5: name: .*taken by sources/pd\.yaml"):
        load_settings(home)


def test_the_identity_key_cannot_be_exchanged_under_a_store(home: Path) -> None:
    build(load_settings(home)).close()
    (home / "identity.key").write_text("another secret of thirty-two bytes")

    with pytest.raises(BadConfiguration, match="identity key"):
        build(load_settings(home))


def test_a_short_identity_key_is_refused(home: Path) -> None:
    (home / "identity.key").write_text("short")

    with pytest.raises(BadConfiguration, match=r"identity_key: .*at least 16"):
        build(load_settings(home))


def test_a_database_may_be_named_by_reference(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = home / "casefold.yaml"
    path.write_text(path.read_text().replace("sqlite:///casefold.db", "env:CASEFOLD_TEST_DATABASE"))
    monkeypatch.setenv("CASEFOLD_TEST_DATABASE", "sqlite:///elsewhere.db")

    assert load_settings(home).database_url() == f"sqlite:///{home}/elsewhere.db"
    monkeypatch.delenv("CASEFOLD_TEST_DATABASE")
    with pytest.raises(BadConfiguration, match="CASEFOLD_TEST_DATABASE is not set"):
        load_settings(home).database_url()


def test_a_password_that_was_badly_quoted_is_not_shown_with_the_url(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = home / "casefold.yaml"
    path.write_text(path.read_text().replace("sqlite:///casefold.db", "env:CASEFOLD_TEST_DATABASE"))
    monkeypatch.setenv("CASEFOLD_TEST_DATABASE", "postgresql://127.0.0.1:9/db?password=CANARY")

    with pytest.raises(BadConfiguration, match=r"the store on 127\.0\.0\.1 cannot be opened") as caught:
        build(load_settings(home))
    assert "CANARY" not in str(caught.value)
