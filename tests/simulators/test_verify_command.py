"""`renkei audit verify`: a plain verdict, every fault in a table, and an exit code for scripts."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer
from tests.server.world import NOON, CountedIds
from typer.testing import CliRunner, Result

from renkei.networks import LINKAGE
from renkei_pki.identity import Identity
from renkei_pki.log_heads import SignedHead
from renkei_pki.signing import PUBLIC_KEY, SigningKey
from renkei_server.store.engine import operations, record_log
from renkei_server.store.engine.boxes import KEY_BYTES
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.record_log import RecordLog
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store, tables
from renkei_simulators.verify_command import verify

app = typer.Typer()
app.command()(verify)


@dataclass(frozen=True)
class Party:
    """A party with a log of four records, and the files that it hands out."""

    store: Store
    log: RecordLog
    key: SigningKey
    folder: Path

    @property
    def public(self) -> Path:
        """The log's public key."""
        return self.folder / PUBLIC_KEY

    def write(self, content: bytes) -> None:
        """Write a record."""
        self.store.write_now(
            lambda connection: self.log.append(
                connection, content, person=b"link id", shown=True, at=NOON
            )
        )

    def head(self) -> SignedHead:
        """The log's head now."""
        return self.store.read_now(lambda connection: self.log.head(connection, self.key, at=NOON))

    def export(self) -> Path:
        """Write the log to a file."""
        signed = self.head()
        path = self.folder / "export.jsonl"
        lines = self.store.read_now(lambda connection: list(self.log.export(connection, signed)))
        path.write_text("".join(lines), encoding="utf-8")
        return path

    def keep_head(self) -> Path:
        """Write the head to a file, as somebody does who wants to come back."""
        path = self.folder / "head.txt"
        path.write_text(self.head().text, encoding="utf-8")
        return path


@pytest.fixture
def party(tmp_path: Path) -> Iterator[Party]:
    sealer = Sealer(b"k" * KEY_BYTES)
    metadata = tables(operations.TABLES, record_log.TABLES)
    store = Store(tmp_path / "store.db", sealer, metadata, operations=OperationLog(sealer))
    log = RecordLog(sealer, CountedIds(), Identity(LINKAGE, "131148", "middle-server"))
    party = Party(store, log, SigningKey.create(tmp_path / "log.pem"), tmp_path)
    for number in range(4):
        party.write(b"asked by the tax office %d" % number)
    yield party
    store.close()


def renkei(*arguments: str | Path) -> Result:
    return CliRunner(env={"COLUMNS": "120"}).invoke(app, [*map(str, arguments)])


def test_a_whole_log_is_called_whole(party: Party) -> None:
    older = party.keep_head()
    party.write(b"one more")

    told = renkei(party.export(), "--key", party.public, "--older", older)

    assert told.exit_code == 0
    assert "The log is whole." in told.stdout
    assert "spiffe://linkage.renkei.test/131148/middle-server" in told.stdout
    assert "5 whole, 0 with content withheld, 0 erased" in told.stdout
    assert "4 records, 2026-11-23T12:00:00Z" in told.stdout


def test_every_fault_is_told_and_the_exit_code_is_one(party: Party) -> None:
    export = party.export()
    lines = export.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[2] = lines[2].replace("12:00:00", "12:00:01")
    del lines[3]
    export.write_text("".join(lines), encoding="utf-8")

    told = renkei(export, "--key", party.public)

    assert told.exit_code == 1
    assert "leaf 1   altered" in told.stdout
    assert "leaf 2   missing" in told.stdout
    assert "leaf 3   chain hole" in told.stdout
    assert "The log is not whole: 3 faults." in told.stdout
    assert "tax office" not in told.stdout


def test_a_log_that_was_cut_below_an_older_head_is_not_whole(party: Party) -> None:
    export = party.export()
    party.write(b"one more")

    told = renkei(export, "--key", party.public, "--older", party.keep_head())

    assert told.exit_code == 1
    assert "older head   shrunk" in told.stdout
    assert "1 fault." in told.stdout


def test_a_file_that_is_no_export_is_not_whole(party: Party) -> None:
    garbage = party.folder / "garbage"
    garbage.write_bytes(bytes(range(256)))

    told = renkei(garbage, "--key", party.public)

    assert told.exit_code == 1
    assert "line 1" in told.stdout
    assert "unreadable" in told.stdout


def test_what_is_no_key_or_no_head_is_told_before_anything_is_checked(party: Party) -> None:
    export = party.export()

    no_key = renkei(export, "--key", export)
    no_head = renkei(export, "--key", party.public, "--older", export)

    assert (no_key.exit_code, no_head.exit_code) == (2, 2)
    assert "holds no ECDSA P-256 public key" in no_key.output
    assert "holds no signed head of a record log" in no_head.output


def test_for_machines_the_head_and_each_fault_come_as_json(party: Party) -> None:
    export = party.export()
    sound = json.loads(renkei(export, "--key", party.public, "--json").stdout)
    export.write_text(export.read_text("utf-8").replace("12:00:00", "12:00:01", 1), "utf-8")
    told = renkei(export, "--key", party.public, "--json")

    assert (sound["head"]["records"], sound["faults"]) == (4, [])
    assert sound["bodies"] == {"whole": 4, "withheld": 0, "erased": 0}
    assert told.exit_code == 1
    assert {*json.loads(told.stdout)["faults"][0]} == {"where", "kind", "means"}
