"""`renkei audit person`: a person's own records with a verdict, and an exit code for scripts."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from tests.pki.test_person_check import content
from tests.server.world import NOON, CountedIds
from typer.testing import CliRunner, Result

from renkei.networks import LINKAGE
from renkei.personal_records import PersonalRecords
from renkei_pki.identity import Identity
from renkei_pki.person_file import write_lines
from renkei_pki.signing import PUBLIC_KEY, SigningKey
from renkei_server.store.engine import operations, record_log
from renkei_server.store.engine.boxes import KEY_BYTES
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.record_log import RecordLog
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store, tables
from renkei_simulators.audit_command import app


@dataclass(frozen=True)
class Network:
    """The network's log with three records of a person and one of another."""

    store: Store
    log: RecordLog
    key: SigningKey
    folder: Path

    def told(self, first: int = 1) -> PersonalRecords:
        """What the person is told now."""
        signed = self.store.read_now(
            lambda connection: self.log.head(connection, self.key, at=NOON)
        )
        return self.store.read_now(
            lambda connection: self.log.told(connection, b"somebody", signed, first)
        )

    def check(self, told: PersonalRecords, *options: str) -> Result:
        """Keep what was told, and check it."""
        file = self.folder / "records.jsonl"
        file.write_text("".join(write_lines(told)), encoding="utf-8")
        return renkei(str(file), "--key", str(self.folder / PUBLIC_KEY), *options)


def renkei(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "160"}).invoke(app, ["person", *arguments])


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    sealer = Sealer(b"k" * KEY_BYTES)
    metadata = tables(operations.TABLES, record_log.TABLES)
    store = Store(tmp_path / "store.db", sealer, metadata, operations=OperationLog(sealer))
    log = RecordLog(sealer, CountedIds(), Identity(LINKAGE, "ipn", "provision-network"))
    for number, person in enumerate((b"somebody", b"another", b"somebody", b"somebody")):
        store.write_now(
            lambda connection, number=number, person=person: log.append(  # type: ignore[misc]
                connection, content(number), person=person, shown=True, at=NOON
            )
        )
    yield Network(store, log, SigningKey.create(tmp_path / "log.pem"), tmp_path)
    store.close()


def test_whole_records_are_shown_and_called_whole(network: Network) -> None:
    told = network.check(network.told())

    assert told.exit_code == 0
    assert "The records are whole." in told.stdout
    assert "spiffe://linkage.renkei.test/ipn/provision-network" in told.stdout
    assert told.stdout.count("131130") == 3
    assert "2026-11-23" in told.stdout
    assert "no sub copy" in told.stdout


def test_what_is_to_be_kept_for_the_next_time_is_taken_the_next_time(network: Network) -> None:
    first = network.check(network.told())
    (seen,) = [word for word in first.stdout.split() if word.startswith("3:")]

    again = network.check(network.told(4), "--seen", seen)
    forged = network.check(network.told(3), "--seen", f"2:{'0' * 64}")

    assert (again.exit_code, forged.exit_code) == (0, 1)
    assert "seen changed" in forged.stdout


def test_a_record_that_was_left_out_is_told_and_the_exit_code_is_one(network: Network) -> None:
    honest = network.told()

    told = network.check(replace(honest, records=honest.records[:2]))

    assert told.exit_code == 1
    assert "record 3" in told.stdout
    assert "missing" in told.stdout
    assert "The records are not whole: 1 fault." in told.stdout


def test_what_was_erased_is_not_missed_by_who_says_so(network: Network) -> None:
    rest = replace(network.told(), records=network.told().records[1:])

    assert network.check(rest).exit_code == 1
    assert network.check(rest, "--first", "2").exit_code == 0


def test_a_record_whose_content_cannot_be_read_is_shown_as_such(network: Network) -> None:
    honest = network.told()
    garbled = replace(honest.records[0], content=b"\xff")

    told = network.check(replace(honest, records=(garbled, *honest.records[1:])))

    assert told.exit_code == 1
    assert "not in log" in told.stdout


def test_what_is_no_file_no_key_or_no_number_seen_is_told_before_anything_is_checked(
    network: Network,
) -> None:
    network.check(network.told())
    file, key = str(network.folder / "records.jsonl"), str(network.folder / PUBLIC_KEY)

    no_file = renkei(key, "--key", key)
    no_key = renkei(file, "--key", file)
    no_seen = renkei(file, "--key", key, "--seen", "3")

    assert (no_file.exit_code, no_key.exit_code, no_seen.exit_code) == (2, 2, 2)
    assert "line 1" in no_file.output
    assert "holds no ECDSA P-256 public key" in no_key.output
    assert "NUMBER:HASH" in no_seen.output


def test_for_machines_the_records_and_each_fault_come_as_json(network: Network) -> None:
    honest = network.told()
    whole = json.loads(network.check(honest, "--json").stdout)
    garbled = replace(honest.records[0], content=b"\xff")
    faulty = network.check(replace(honest, records=(garbled, *honest.records[1:])), "--json")

    assert whole["faults"] == []
    assert [one["number"] for one in whole["records"]] == [1, 2, 3]
    assert whole["records"][0]["inquirer"]
    assert faulty.exit_code == 1
    assert json.loads(faulty.stdout)["records"][0]["inquirer"] is None
    assert json.loads(faulty.stdout)["faults"][0]["kind"] == "not_in_log"
