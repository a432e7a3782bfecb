"""`renkei batch check` and `renkei batch split`: batch files before they are sent (the commands: invented)."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from renkei.refusals import Refusal
from renkei_server.domain.batch_files.faults import Fault, Parsed
from renkei_server.domain.batch_files.inquiry import InquiryLine, read_inquiries, write_inquiries
from renkei_server.domain.batch_files.messages import read_message
from renkei_server.domain.batch_files.numbering import (
    LineFileName,
    MessageFileName,
    RecordNumbers,
    split,
)
from renkei_server.domain.batch_files.registration import checked, read_registrations
from renkei_server.domain.batch_files.sides import Side
from renkei_server.domain.days import day_in_japan
from renkei_server.domain.layouts import shipped
from renkei_simulators.listing import Listing
from renkei_simulators.terminal import AsJson, write_json

app = typer.Typer(help="Batch files: inquiries and registrations at once.", no_args_is_help=True)

_CHUNK: Final = 64 * 1024
_PER_FILE: Final = 4_000
"""So many lines are surely less than the linkage platform takes in one file."""


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Files of one run, as the ward sends them.")],
    as_json: AsJson = False,  # noqa: FBT002 - typer's way
) -> None:
    """Tell everything that is wrong with the files of a run; exit 1 where anything is."""
    numbers = RecordNumbers()
    read = [(file.name, fault) for file in files for fault in _read(file, numbers)]
    faults = [(file, fault) for file, fault in read if fault is not None]
    good = len(read) - len(faults)
    if as_json:
        write_json({"good": good, "faults": [_as_dict(*one) for one in faults]})
    else:
        if faults:
            Console().print(_table(faults))
        Console().print(f"{good} good, {len(faults)} faults", highlight=False)
    if faults:
        raise typer.Exit(1)


def _table(faults: Sequence[tuple[str, Fault]]) -> Listing:
    table = Listing("file", "line", "field", "reason", "detail", "ja", prose=("detail", "ja"))
    for file, one in faults:
        told = (one.field, one.reason.name, one.detail, one.reason.japanese)
        table.add_row(file, str(one.line or ""), *told)
    return table


def _as_dict(file: str, fault: Fault) -> dict[str, object]:
    return {
        "file": file,
        "line": fault.line or None,
        "field": fault.field,
        "reason": fault.reason.name,
        "detail": fault.detail,
        "english": fault.reason.english,
        "japanese": fault.reason.japanese,
    }


@app.command(name="split")
def split_lines(
    file: Annotated[Path, typer.Argument(help="Lines of inquiry, however many.")],
    folder: Annotated[Path, typer.Argument(help="Where the files of the run are written.")],
    job: Annotated[str, typer.Option(help="The job that the files are named by.")],
    made_at: Annotated[str, typer.Option(help="When the run was made: YYYYMMDDhhmmss.")],
    per_file: Annotated[int, typer.Option(help="The most lines of a file.", min=1)] = _PER_FILE,
) -> None:
    """Split lines of inquiry into the numbered files of a run; exit 1 where a line is wrong."""
    first = LineFileName.parse(f"{job}_{made_at}_0001.DAT")
    faults = [one for one in read_inquiries(_chunks(file), Side.WARD) if isinstance(one, Fault)]
    if faults:
        for fault in faults:
            typer.echo(f"{file.name}: {fault}", err=True)
        raise typer.Exit(1)
    folder.mkdir(parents=True, exist_ok=True)
    for count, lines in split(_inquiries(file), per_file):
        path = folder / str(LineFileName(first.job, first.made_at, count + 1))
        with path.open("wb") as written:
            written.writelines(write_inquiries(lines))
        typer.echo(f"wrote {path}")


def _read(file: Path, numbers: RecordNumbers) -> Iterator[Fault | None]:
    """None for each good record of the kind that the file's name says, and what is wrong."""
    try:
        if file.suffix == ".DAT":
            LineFileName.parse(file.name)
            yield from map(_fault, read_inquiries(_chunks(file), Side.WARD))
        elif MessageFileName.parse(file.name).attachment:
            read = read_registrations(_chunks(file), Side.WARD)
            today = day_in_japan(datetime.now(UTC))
            yield from map(_fault, checked(read, shipped(), today, numbers))
        else:
            read_message(_chunks(file))
            yield None
    except Refusal as refusal:
        yield Fault.of(0, refusal.fields[0] if refusal.fields else "", refusal)


def _fault(read: object) -> Fault | None:
    return read if isinstance(read, Fault) else None


def _inquiries(file: Path) -> Iterator[InquiryLine]:
    for one in read_inquiries(_chunks(file), Side.WARD):
        if isinstance(one, Parsed):
            yield one.value


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as read:
        while chunk := read.read(_CHUNK):
            yield chunk
