"""`renkei audit verify`: whether a party's exported record log is whole (invented).

It needs the export and the log's public key, and nothing of the party that wrote it.
"""

from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from renkei_pki.log_check import Fault, Report, check
from renkei_pki.log_export import Erased, Whole, Withheld
from renkei_pki.log_heads import SignedHead, write_moment
from renkei_pki.person_check import PersonFault
from renkei_pki.signing import VerifyingKey
from renkei_simulators.listing import Listing, Particulars
from renkei_simulators.terminal import AsJson, write_json

_File = typer.Argument(help="Export of a record log.", exists=True, dir_okay=False)
_Key = typer.Option(help="The log's public key, PEM.", exists=True, dir_okay=False)
_Older = typer.Option(
    help="A signed head that was kept from an earlier day.", exists=True, dir_okay=False
)
_Years = typer.Option(
    min=0, max=150, help="How long a record must be kept; otherwise as the law has it."
)

_BODIES: Final = {"whole": Whole, "withheld": Withheld, "erased": Erased}
_SAID: Final = {"whole": "whole", "withheld": "with content withheld", "erased": "erased"}


def verify(
    export: Annotated[Path, _File],
    key: Annotated[Path, _Key],
    older: Annotated[Path | None, _Older] = None,
    years: Annotated[int | None, _Years] = None,
    as_json: AsJson = False,  # noqa: FBT002 - typer's way
) -> None:
    """Check a record log from its export alone; list every fault, exit 1 where there is any."""
    public, kept = _read_key(key), _read_older(older)
    with export.open(encoding="utf-8", errors="replace") as lines:
        report = check(lines, public, older=kept, years=years)
    if as_json:
        write_json(_as_dict(report))
    else:
        _tell(report, kept)
    if not report.sound:
        raise typer.Exit(1)


def fault_as_dict(fault: Fault | PersonFault) -> dict[str, str]:
    """A fault for machines."""
    return {"where": fault.where, "kind": fault.kind.name.lower(), "means": fault.kind.value}


def _as_dict(report: Report) -> dict[str, object]:
    head = report.head.head if report.head else None
    return {
        "head": head
        and {
            "of": str(head.origin),
            "signed_at": write_moment(head.at),
            "records": head.size,
            "root": head.root.hex(),
        },
        "bodies": {name: report.bodies.get(kind, 0) for name, kind in _BODIES.items()},
        "faults": [fault_as_dict(one) for one in report.faults],
    }


def _tell(report: Report, older: SignedHead | None) -> None:
    console = Console()
    console.print(_summary(report, older))
    if report.sound:
        console.print("[green]The log is whole.")
        return
    console.print(_findings(report))
    count = len(report.faults)
    console.print(f"[red]The log is not whole: {count} fault{'s' if count > 1 else ''}.")


def _summary(report: Report, older: SignedHead | None) -> Particulars:
    rows = []
    if report.head:
        head = report.head.head
        rows.append(("of", str(head.origin)))
        rows.append(("signed at", f"{write_moment(head.at)} (the world's time)"))
        rows.append(("records", str(head.size)))
        rows.append(("root", head.root.hex()))
    told = [f"{report.bodies.get(kind, 0)} {_SAID[name]}" for name, kind in _BODIES.items()]
    rows.append(("in the file", ", ".join(told)))
    if older:
        rows.append(("older head", f"{older.head.size} records, {write_moment(older.head.at)}"))
    return Particulars(rows, "Record log")


def _findings(report: Report) -> Listing:
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


def _read_older(path: Path | None) -> SignedHead | None:
    try:
        return SignedHead.parse(path.read_text(encoding="utf-8")) if path else None
    except (OSError, ValueError) as error:
        name = path.name if path else ""
        msg = f"{name} holds no signed head of a record log. {name}に署名済みの先頭がありません。"
        raise typer.BadParameter(msg, param_hint="--older") from error
