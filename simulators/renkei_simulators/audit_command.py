"""`renkei audit`: what a world's parties hold, judged from outside."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from renkei_server.store.backups.sealed_files import BackupKey
from renkei_simulators.codes_command import codes
from renkei_simulators.data_folder import DEFAULT_DATA, Data, world_in
from renkei_simulators.person_command import person
from renkei_simulators.records_command import export, records
from renkei_simulators.separation.backed_up import Backups
from renkei_simulators.separation.worlds import audit_world
from renkei_simulators.terminal import AsJson, write_json
from renkei_simulators.verify_command import verify
from renkei_simulators.world.definition import WorldError
from renkei_simulators.world.looking import calls_owed, serials_under_way, sub_copy_values
from renkei_simulators.world.people import people_of

app = typer.Typer(help="Audits of a world.", no_args_is_help=True)

app.command()(verify)
app.command()(person)
app.command()(records)
app.command()(export)
app.command()(codes)

_PERSONS = 1_000

_SHORTEST_BYTES = 6
"""Shorter values of sub-copies, and names and relations that registers hold, meet by chance."""


@app.callback()
def audits() -> None:
    """Audits of a world."""


@app.command()
def separation(
    data: Data = DEFAULT_DATA,
    persons: Annotated[int, typer.Option(help="How many persons of the registers to look for.")] = (
        _PERSONS
    ),
    backup: Annotated[
        list[Path] | None,
        typer.Option(help="A backup that is searched too; it can be given several times."),
    ] = None,
    key: Annotated[
        Path | None, typer.Option(help="The key under which the backups were made.")
    ] = None,
    postgresql_data: Annotated[
        Path | None,
        typer.Option(
            help="The data folder of the PostgreSQL server that holds the world: "
            "its tables and its log are searched too."
        ),
    ] = None,
    as_json: AsJson = False,  # noqa: FBT002 - typer's way
) -> None:
    """Search every party's files for what it must not hold, and guess at it; exit 1 where anything is found."""
    world, layout = world_in(data)
    if backup and key is None:
        msg = "backups can be searched with their key alone: name it with --key"
        raise WorldError(msg, "バックアップは鍵がなければ検索できません。--keyで指定してください。")
    if under_way := calls_owed(world, layout) + len(serials_under_way(world, layout)):
        later = "`renkei clock advance --days 2`"
        raise WorldError(
            f"{under_way} calls or serials are still under way: wait until every flow has ended. "
            "Serials that nobody uses, such as the conformance kit's, expire after a day of the "
            f"world's time: {later}.",
            f"処理中の呼び出しまたは処理通番が{under_way}件あります。すべて終わるまで待ってください。"
            f"適合試験などが使わずに残した処理通番は、世界の時計で1日たつと失効します（{later}）。",
        )
    console = Console(stderr=as_json)
    everybody = [one for town in world.municipalities for one in people_of(world, town)]
    by_chance = {value for one in everybody for value in (one.name, one.relation)}
    households = {
        value
        for value in sub_copy_values(world, layout) - by_chance
        if len(value.encode()) >= _SHORTEST_BYTES
    }
    with console.status("searching …"):
        found = audit_world(
            world,
            layout,
            everybody[:persons],
            households=sorted(households),
            backups=Backups(backup, BackupKey.load(key)) if backup and key else None,
            postgresql_data=postgresql_data,
        )
    if as_json:
        write_json(found.as_dict())
    else:
        console.print(found.table() if found.findings else found.summary())
    if any("snapshot" in one.file for one in found.findings):
        console.print(
            "A snapshot holds what has been erased since it was saved: "
            "delete it with `renkei state delete NAME`"
        )
    if world.store_url and postgresql_data is None:
        console.print(
            "The files of the PostgreSQL server were not searched: "
            "name its data folder with --postgresql-data"
        )
    if found.findings:
        raise typer.Exit(1)
