from __future__ import annotations

import stat
from pathlib import Path
from textwrap import dedent

import alembic.migration
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata

from graph import store as stores
from graph import words
from graph.store import Store, recall
from graph.tables import metadata
from schemas.ids import Ids
from schemas.records import BadConfiguration
from tests.integration.graph.builders import IDS, World, mapped, person

GRAPH_TABLES = {"installation", "source", "recipe", "record", "record_body", "record_history", "mention", "link",
                "node", "dirty", "change"}  # fmt: skip


def test_the_migrations_make_exactly_the_tables_that_the_code_speaks_of(world: World) -> None:
    def ours(_object: object, name: str | None, kind: str, _reflected: bool, other: object) -> bool:  # noqa: FBT001
        table = name if kind == "table" else getattr(getattr(_object, "table", None), "name", None)
        return table in GRAPH_TABLES

    with world.store.read() as tx:
        context = alembic.migration.MigrationContext.configure(tx.connection, opts={"include_object": ours})
        assert compare_metadata(context, metadata) == []


def test_migrating_again_writes_nothing(world: World) -> None:
    world.put("north", "1", mapped(person("p", "Ann Archer")))
    before = world.query("SELECT * FROM installation ORDER BY key")
    world.store.migrate()
    assert world.query("SELECT * FROM installation ORDER BY key") == before
    assert world.graph().search("archer")


def test_another_folder_adds_its_tables_by_handing_over_its_revisions(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "other_0001.py").write_text(
        dedent(
            """
            import sqlalchemy as sa
            from alembic import op
            revision, down_revision, branch_labels, depends_on = "other_0001", None, ("other",), "graph_0001"
            def upgrade(): op.create_table("other", sa.Column("no", sa.Integer, primary_key=True))
            """
        )
    )
    store = Store.open(database_url, IDS)
    store.migrate(tmp_path)
    store.migrate(tmp_path)
    with store.write() as tx:
        tx.connection.execute(sa.text("INSERT INTO other VALUES (1)"))
    store.close()


def test_the_first_migration_can_be_undone(world: World) -> None:
    from alembic import op
    from alembic.operations import Operations

    from graph.migrations.versions import graph_0001

    with world.store.write() as tx:
        context = alembic.migration.MigrationContext.configure(tx.connection)
        with Operations.context(context):
            assert op.get_bind() is tx.connection
            graph_0001.downgrade()
        assert not GRAPH_TABLES & set(sa.inspect(tx.connection).get_table_names())


def test_a_store_refuses_ids_of_another_key(database_url: str) -> None:
    store = Store.open(database_url, IDS)
    store.migrate()
    store.close()
    with pytest.raises(BadConfiguration, match=IDS.fingerprint()):
        Store.open(database_url, Ids(b"a secret of another place"))


def test_what_a_failed_transaction_wrote_is_not_there(world: World) -> None:
    class Mishap(Exception):
        pass

    def fail() -> None:
        with world.store.write() as tx:
            tx.connection.execute(sa.text("INSERT INTO recipe (hash) VALUES (:hash)"), {"hash": b"x"})
            raise Mishap

    with pytest.raises(Mishap):
        fail()
    assert world.count("recipe") == 0


def test_a_reader_sees_one_state_while_others_write(world: World) -> None:
    with world.store.read() as tx:
        count = sa.text("SELECT count(*) FROM record")
        assert tx.connection.execute(count).scalar() == 0
        world.put("north", "1", mapped(person("p", "Ann Archer")))
        assert tx.connection.execute(count).scalar() == 0
    assert world.count("record") == 1


def test_a_reader_cannot_write(world: World) -> None:
    with pytest.raises(sa.exc.DBAPIError), world.store.read() as tx:
        tx.connection.execute(sa.text("INSERT INTO recipe (hash) VALUES (:hash)"), {"hash": b"x"})
    with world.store.write() as tx:
        tx.connection.execute(sa.text("INSERT INTO recipe (hash) VALUES (:hash)"), {"hash": b"x"})


def test_new_search_words_rebuild_the_index(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.put("north", "1", mapped(person("p", "Ann Archer")))
    world.put("north", "2", mapped(person("p", "Bob Baker"), person("q", "")))
    monkeypatch.setattr(words, "VERSION", "next")
    monkeypatch.setattr("graph.reindex._AT_ONCE", 2)
    with world.store.write() as tx:
        emptied = (
            "INSERT INTO search (search) VALUES ('delete-all')" if tx.dialect == "sqlite" else "DELETE FROM search"
        )
        tx.connection.execute(sa.text(emptied))
    assert not world.graph().search("archer")
    world.store.migrate()
    assert [hit.label for hit in world.graph().search("archer")] == ["Ann Archer"]
    assert [hit.label for hit in world.graph().search("baker")] == ["Bob Baker"]
    with world.store.read() as tx:
        assert recall(tx.connection, "words") == "next"


class TestSqlite:
    def test_the_file_is_its_owners_alone(self, sqlite_url: str) -> None:
        store = Store.open(sqlite_url, IDS)
        store.migrate()
        files = list(Path(sa.make_url(sqlite_url).database or "").parent.glob("casefold.sqlite*"))
        assert files
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
        store.close()

    def test_every_connection_keeps_the_promises_of_the_store(self, lone_world: World) -> None:
        with lone_world.store.read() as first, lone_world.store.read() as second:
            for tx in (first, second):
                found = {
                    name: tx.connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in stores.SQLITE_PRAGMAS
                }
                assert found["journal_mode"] == "wal"
                assert found["synchronous"] == 2
                assert found["foreign_keys"] == 1
                assert found["secure_delete"] == 1

    @pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
    def test_a_store_in_memory_is_refused(self, url: str) -> None:
        with pytest.raises(BadConfiguration, match="needs a file"):
            Store.open(url, IDS)

    def test_a_folder_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(BadConfiguration, match="nowhere"):
            Store.open(f"sqlite:///{tmp_path}/nowhere/store.sqlite", IDS)

    def test_a_file_that_is_no_database_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "store.sqlite").write_bytes(b"not a database, though long enough to be looked at" * 100)
        with pytest.raises(BadConfiguration, match="cannot be opened"):
            Store.open(f"sqlite:///{tmp_path}/store.sqlite", IDS)

    def test_an_old_sqlite_is_refused(self, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(stores, "MINIMUM_SQLITE", (99, 0, 0))
        with pytest.raises(BadConfiguration, match="too old"):
            Store.open(sqlite_url, IDS)

    def test_a_pragma_that_did_not_take_is_refused(self, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(stores.SQLITE_PRAGMAS, "journal_mode", ("DELETE", "wal"))
        with pytest.raises(BadConfiguration, match="journal_mode"):
            Store.open(sqlite_url, IDS)


class TestPostgresql:
    def test_an_old_server_is_refused(self, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(stores, "MINIMUM_POSTGRESQL", 990_000)
        with pytest.raises(BadConfiguration, match="too old"):
            Store.open(postgres_url, IDS)

    def test_a_server_that_does_not_answer_is_named_without_the_password(self) -> None:
        with pytest.raises(BadConfiguration) as caught:
            Store.open("postgresql://somebody:canary-of-a-secret@127.0.0.1:1/nothing", IDS)
        assert "127.0.0.1" in str(caught.value)
        assert "canary" not in str(caught.value)


@pytest.mark.parametrize("url", ["mysql://host/name", "not a url"])
def test_another_kind_of_store_is_refused(url: str) -> None:
    with pytest.raises(BadConfiguration):
        Store.open(url, IDS)
