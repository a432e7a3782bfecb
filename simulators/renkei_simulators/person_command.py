"""`renkei audit person`: whether a person's own records are whole (F2.11; invented).

It needs what the person was told and the public key of the information provision network's log, and
nothing of any server.
"""

from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from renkei.personal_records import PersonalRecords
from renkei.wire.exchange_records import record_of
from renkei_pki.log_heads import write_moment
from renkei_pki.person_check import PersonReport, Seen, check_person
from renkei_pki.person_file import read_lines
from renkei_pki.signing import VerifyingKey
from renkei_server.domain.days import day_in_japan
from renkei_simulators.listing import Listing, Particulars
from renkei_simulators.terminal import AsJson, write_json
from renkei_simulators.verify_command import fault_as_dict

_File = typer.Argument(help="A person's records, as they were kept.", exists=True, dir_okay=False)
_Key = typer.Option(
    help="The public key of the network's log, PEM (published/record-key.pem of a world).",
    exists=True,
    dir_okay=False,
)
_Seen = typer.Option(help="The last record that was seen on an earlier day, NUMBER:HASH.")
_First = typer.Option(
    min=1, help="The first number to expect; those before it were erased, their years being over."
)

_COLUMNS: Final = ("asked_on", "inquirer", "provider", "affair", "information", "outcome")


def person(
    file: Annotated[Path, _File],
    key: Annotated[Path, _Key],
    seen: Annotated[str | None, _Seen] = None,
    first: Annotated[int | None, _First] = None,
    as_json: AsJson = False,  # noqa: FBT002 - typer's way
) -> None:
    """Check a person's own records; show them and every fault, exit 1 where there is any."""
    public, told = _read_key(key), _read_file(file)
    report = check_person(told, public, first=first, seen=_read_seen(seen))
    if as_json:
        write_json(_as_dict(told, report))
    else:
        _tell(told, report)
    if not report.sound:
        raise typer.Exit(1)


def _tell(told: PersonalRecords, report: PersonReport) -> None:
    console = Console()
    console.print(_summary(told, report))
    console.print(_records(told))
    if report.sound:
        console.print("[green]The records are whole.")
        return
    console.print(_findings(report))
    count = len(report.faults)
    console.print(f"[red]The records are not whole: {count} fault{'s' if count > 1 else ''}.")


def _as_dict(told: PersonalRecords, report: PersonReport) -> dict[str, object]:
    head = report.head
    return {
        "head": head and {"of": str(head.origin), "signed_at": write_moment(head.at)},
        "shown": told.shown,
        "records": [
            {"number": one.number} | dict(zip(_COLUMNS, _content(one.content), strict=True))
            for one in told.records
        ],
        "seen": report.last.text if report.last else None,
        "faults": [fault_as_dict(one) for one in report.faults],
    }


def _summary(told: PersonalRecords, report: PersonReport) -> Particulars:
    rows = []
    if report.head:
        rows.append(("told by", str(report.head.origin)))
        rows.append(("signed at", f"{write_moment(report.head.at)} (the world's time)"))
    rows.append(("shown in all", str(told.shown)))
    rows.append(("told here", f"{len(told.records)}, from number {told.first} on"))
    if report.last:
        rows.append(("seen, for the next time", report.last.text))
    return Particulars(rows, "Own records")


def _records(told: PersonalRecords) -> Listing:
    """What the records say, proven or not; the faults tell which."""
    table = Listing("no.", "asked on", "by", "of", "for", "about", "what came of it")
    for one in told.records:
        told_of = (part or "?" for part in _content(one.content))
        table.add_row(str(one.number), *told_of)
    return table


def _content(content: bytes) -> tuple[str | None, ...]:
    """What a record says, by `_COLUMNS`; nothing where it is no record."""
    try:
        record = record_of(content)
    except ValueError:
        return (None,) * len(_COLUMNS)
    return (
        day_in_japan(record.asked_at).isoformat(),
        record.terms.inquirer.name,
        record.terms.provider.name,
        record.terms.affair_code,
        record.terms.information_code,
        record.outcome.name.lower().replace("_", " "),
    )


def _findings(report: PersonReport) -> Listing:
    table = Listing("where", "what", "which means", title="Faults", prose=("which means",))
    for fault in report.faults:
        kind = fault.kind.name.lower().replace("_", " ")
        table.add_row(fault.where, kind, fault.kind.value)
    return table


def _read_key(path: Path) -> VerifyingKey:
    try:
        return VerifyingKey.load(path)
    except (OSError, ValueError) as error:
        msg = f"{path.name} holds no ECDSA P-256 public key. {path.name}にECDSA P-256の公開鍵がありません。"
        raise typer.BadParameter(msg, param_hint="--key") from error


def _read_file(path: Path) -> PersonalRecords:
    try:
        with path.open(encoding="utf-8", errors="replace") as lines:
            return read_lines(lines)
    except (OSError, ValueError) as error:
        raise typer.BadParameter(
            f"{path.name}: {error}. 記録のファイルとして読めません。", param_hint="FILE"
        ) from error


def _read_seen(text: str | None) -> Seen | None:
    try:
        return None if text is None else Seen.parse(text)
    except ValueError as error:
        raise typer.BadParameter(
            f"{error}. 番号:ハッシュの形で指定してください。", param_hint="--seen"
        ) from error
