"""The `renkei` command: each of its parts is read when it is asked for, and no sooner."""

import os
import sys
import traceback
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.markup import escape
from typer.core import TyperGroup

from renkei.refusals import Refusal
from renkei_pki.files import ONLY_OURS
from renkei_simulators.conformance.case_error import CaseError
from renkei_simulators.terminal import prepare
from renkei_simulators.world.definition import WorldError

_COMMANDS: Final[Mapping[str, str]] = {
    "up": "up_command:up",
    "down": "world_commands:down",
    "status": "status_command:status",
    "restart": "world_commands:restart",
    "doctor": "doctor.command:doctor",
    "demo": "demo.command:demo",
    "trace": "trace.command:trace",
    "population": "population_command:population",
    "protos": "protos_command:app",
    "tables": "tables_command:app",
    "audit": "audit_command:app",
    "batch": "batch_command:app",
    "pki": "pki_commands:pki",
    "keys": "keys_command:app",
    "backup-key": "backup_command:backup_key",
    "backup": "backup_command:backup",
    "restore": "backup_command:restore",
    "mend": "codes_command:mend",
    "consistency": "consistency_command:consistency",
    "clock": "control_commands:clock",
    "state": "control_commands:state",
    "conformance": "conformance.command:app",
}
"""Where each is: a function that is a command, or commands of its own."""


class _Commands(TyperGroup):
    """Knows its commands by name, and reads one's module when it is wanted."""

    # Any: typer brings a click of its own, under another name in other versions
    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - click's signature
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        found = getattr(import_module(f"renkei_simulators.{module}"), name)
        if isinstance(found, typer.Typer):
            command: Any = typer.main.get_group(found)
        else:
            alone = typer.Typer(add_completion=False)
            alone.command()(found)
            command = typer.main.get_command(alone)
        command.name = cmd_name
        return command


app = typer.Typer(cls=_Commands, no_args_is_help=True, pretty_exceptions_enable=False)


def _tell_version(asked: bool) -> None:  # noqa: FBT001 - typer's way
    if asked:
        sys.stdout.write(f"renkei {version('renkei')}\n")
        raise typer.Exit


@app.callback()
def renkei(
    *,
    _version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Show it.")
    ] = False,
) -> None:
    """Renkei 連携: a stand-in for Japan's resident-register and information-linkage networks."""


def main() -> None:
    """Run the command; a world that cannot be made or a refusal is told in a line, a refusal in both languages."""
    os.umask(ONLY_OURS)
    prepare()
    try:
        app()
    except OSError as error:  # such as a full disk, or a file that is not there
        where = f"{error.filename}: " if error.filename else ""
        told = _tell(f"{where}{error.strerror or error}")
        told.print("ファイルかOSの操作に失敗しました。", highlight=False)
        sys.exit(1)
    except (WorldError, CaseError, Refusal) as error:
        told = _tell(str(error))
        if isinstance(error, Refusal):
            told.print(error.reason.japanese, highlight=False, soft_wrap=True)
        sys.exit(1)

    except Exception as fault:
        if os.environ.get("RENKEI_TRACEBACK"):
            raise
        frame = traceback.extract_tb(fault.__traceback__)[-1]
        where = f"{type(fault).__name__} at {Path(frame.filename).name}:{frame.lineno}"
        told = _tell(f"it met a fault of its own ({where}); RENKEI_TRACEBACK=1 shows all of it.")
        told.print(
            f"内部の障害です（{where}）。RENKEI_TRACEBACK=1で詳細を表示できます。",
            highlight=False,
            soft_wrap=True,
            markup=False,
        )
        sys.exit(1)


def _tell(what: str) -> Console:
    told = Console(stderr=True)
    told.print(f"[red]renkei:[/] {escape(what)}", highlight=False, soft_wrap=True)
    return told
