"""A value that lies in a party's own files is told, unless that party may keep it."""

import io
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from rich.console import Console

from renkei_simulators.separation.audit import Audit, Known, Party, audit
from renkei_simulators.separation.knowledge import Kind

NUMBER = "987654321098"
SERIAL = "0F1E2D3C4B5A69788796A5B4C3D2E1F0"
CODE = bytes.fromhex("8fa2dbfbc1003e5c7f92b0d4e6f80718")
KNOWN = [
    Known(Kind.INDIVIDUAL_NUMBER, NUMBER),
    Known(Kind.PROCESSING_SERIAL, SERIAL),
    Known(Kind.LINKAGE_CODE, CODE, "131148"),
]


def kinds(report: Audit) -> set[str]:
    return {finding.kind for finding in report.findings}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "store.db"
    path.write_bytes(b"-" * 50 + NUMBER.encode() + SERIAL.encode() + CODE)
    return path


def test_a_party_may_keep_what_its_role_may_keep(store: Path) -> None:
    report = audit([Party("national-server", "jlis", (store,))], KNOWN[:1])

    assert report.findings == ()
    assert report.summary().startswith("0 findings: 1 values in ")


def test_a_serial_that_is_still_there_is_a_finding_at_every_party(store: Path) -> None:
    for role in ("linkage-platform", "middle-server", "national-server", "provision-network"):
        assert "processing serial" in kinds(audit([Party(role, "131148", (store,))], KNOWN))


def test_a_code_is_a_finding_at_another_institution(store: Path) -> None:
    own = audit([Party("middle-server", "131148", (store,))], KNOWN)
    other = audit([Party("middle-server", "131130", (store,))], KNOWN)

    assert kinds(own) == {"Individual Number", "processing serial"}
    assert kinds(other) == {"Individual Number", "processing serial", "linkage code"}


def test_a_log_line_is_judged_more_strictly_than_a_store(store: Path) -> None:
    report = audit([Party("national-server", "jlis", logs=(store,))], KNOWN[:1])

    assert kinds(report) == {"Individual Number"}


def test_findings_are_sorted_and_name_the_place_and_never_the_value(store: Path) -> None:
    parties = [Party("middle-server", "131130", (store,)), Party("kiosk", "jlis", (store,))]

    report = audit(parties, KNOWN)

    assert report.findings == tuple(sorted(report.findings))
    assert report.findings[0].party == "kiosk.jlis"
    number = next(finding for finding in report.findings if finding.form == "text, utf-8")
    assert (number.kind, number.offset, number.subject) == ("Individual Number", 50, 0)
    drawn = io.StringIO()
    Console(width=200, file=drawn).print(report.table())
    assert "kiosk.jlis" in drawn.getvalue()
    shown = repr(KNOWN) + repr(report) + report.summary() + drawn.getvalue()
    assert NUMBER not in shown
    assert SERIAL not in shown
    assert CODE.hex() not in shown


def test_a_store_that_is_not_there_is_an_error_and_not_a_clean_store(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        audit([Party("kiosk", "jlis", (tmp_path / "missing.db",))], KNOWN)


def test_a_value_in_a_database_is_found_as_text_as_integer_and_as_blob(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE kept (a TEXT, b INTEGER, c BLOB)")
        database.execute("INSERT INTO kept VALUES (?, ?, ?)", (NUMBER, int(NUMBER), CODE))
        database.commit()

    report = audit([Party("kiosk", "jlis", (path,))], KNOWN)

    assert {finding.form for finding in report.findings} == {
        "text, utf-8",
        "integer of 6 bytes BE",
        "raw",
    }


def deleted(path: Path, *, securely: bool) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"PRAGMA secure_delete = {'ON' if securely else 'OFF'}")
        database.execute("CREATE TABLE kept (number TEXT, filler TEXT)")
        rows = [(NUMBER, "x" * 900)] * 40
        database.executemany("INSERT INTO kept VALUES (?, ?)", rows)
        database.commit()
        database.execute("DELETE FROM kept")
        database.commit()


def test_a_deleted_value_is_found_in_the_free_pages(tmp_path: Path) -> None:
    deleted(tmp_path / "store.db", securely=False)
    deleted(tmp_path / "erased.db", securely=True)

    left = audit([Party("kiosk", "jlis", (tmp_path / "store.db",))], KNOWN)
    erased = audit([Party("kiosk", "jlis", (tmp_path / "erased.db",))], KNOWN)

    assert kinds(left) == {"Individual Number"}
    assert erased.findings == ()


def test_a_value_in_the_write_ahead_log_is_found_without_naming_the_file(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE kept (number TEXT)")
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute("INSERT INTO kept VALUES (?)", (NUMBER,))
        database.commit()

        report = audit([Party("kiosk", "jlis", (path,))], KNOWN)

    assert {Path(finding.file).name for finding in report.findings} == {"store.db-wal"}
    assert report.files == 3
