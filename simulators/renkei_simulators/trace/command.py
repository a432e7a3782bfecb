"""`renkei trace`: one flow, from the log lines of all servers of a world (invented)."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from renkei_simulators.data_folder import DEFAULT_DATA, Data, world_in
from renkei_simulators.terminal import AsJson, write_json
from renkei_simulators.trace.page import write
from renkei_simulators.trace.stitching import Hop, NoSuchFlow, collect
from renkei_simulators.trace.terminal import sequence
from renkei_simulators.world.definition import WorldError


def trace(
    request_id: Annotated[str, typer.Argument(help="The request_id of the flow's first call.")],
    data: Data = DEFAULT_DATA,
    page: Annotated[Path | None, typer.Option(help="HTML file to draw it in as well.")] = None,
    as_json: AsJson = False,  # noqa: FBT002 - typer's way
) -> None:
    """Show each hop of a code acquisition (F1) or of a change of a record (F3)."""
    _, layout = world_in(data)
    try:
        found = collect(layout.logs, request_id)
    except NoSuchFlow:
        raise WorldError(
            f"no server of this world answered a request {request_id}: name the request_id of the "
            "call that began the flow",
            f"この世界のサーバーは要求{request_id}に応答していません。"
            "最初の呼び出しのrequest_idを指定してください。",
        ) from None
    if page:
        write(found, page)
    if as_json:
        write_json([_as_dict(one) for one in found.hops])
    else:
        Console().print(sequence(found))


def _as_dict(hop: Hop) -> dict[str, object]:
    return {
        "steps": [*hop.steps],
        "began": hop.began.isoformat(),
        "caller": str(hop.caller),
        "callee": str(hop.callee),
        "network": hop.domain,
        "method": hop.method,
        "milliseconds": hop.milliseconds,
        "attempts": hop.attempts,
        "outcome": hop.outcome,
    }
