"""Taking a world that was made before; to make one takes far more than this (`provision`)."""

from datetime import UTC, datetime

from renkei_pki.authority import Authority
from renkei_simulators.world.configs import write_configs
from renkei_simulators.world.definition import World, WorldError
from renkei_simulators.world.form import made_anew, require_form
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.supervisor import require_stopped


def take(world: World, layout: Layout) -> bool:
    """Make a folder's world ready to be started; return whether there is one.

    Raises WorldError where it is another world, or runs. What a seat's database is, the seat
    itself judges as it opens.
    """
    require_stopped(layout)
    if not layout.definition.exists():
        return False
    require_form(layout)
    if layout.definition.read_text(encoding="utf-8") != world.text:
        msg = (
            f"{layout.root} holds another world, or this one as it was before a change: "
            f"make it anew with {made_anew(layout)} (what it holds is lost), "
            "or name another folder with --data"
        )
        raise WorldError(msg)
    for domain in world.domains:  # the last list may be older than it is good for
        Authority.load(layout.authority(domain)).renew_list(now=datetime.now(UTC))
    write_configs(world, layout)
    return True
