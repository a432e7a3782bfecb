"""Taking a world that was made before; to make one takes far more than this (`provision`)."""

from datetime import UTC, datetime

from renkei_pki import files
from renkei_pki.authority import Authority
from renkei_simulators.world.changes import differences
from renkei_simulators.world.configs import write_configs
from renkei_simulators.world.definition import World, WorldError
from renkei_simulators.world.form import made_anew, require_form
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.supervisor import require_stopped


def take(world: World, layout: Layout) -> bool:
    """Make a folder's world ready to be started; return whether there is one.

    Raises WorldError where it is another world, or runs; what may change has changed. What a seat's database is, the seat
    itself judges as it opens.
    """
    require_stopped(layout)
    if not layout.definition.exists():
        return False
    require_form(layout)
    if layout.definition.read_text(encoding="utf-8") != world.text:
        _require_same(world, layout)
        files.replace(layout.definition, world.text.encode())
    for domain in world.domains:  # the last list may be older than it is good for
        Authority.load(layout.authority(domain)).renew_list(now=datetime.now(UTC))
    write_configs(world, layout)
    return True


def _require_same(world: World, layout: Layout) -> None:
    """Raise WorldError unless the folder's world can go on by this file."""
    anew = made_anew(layout)
    if differ := differences(World.load(layout.definition), world):
        what = ", ".join(differ)
        raise WorldError(
            f"{layout.root} holds another world, or this one as it was before a change; what "
            f"differs is {what}: make it anew with {anew} (what it holds is lost), or name another "
            "folder with --data.",
            f"{layout.root}にあるのは別の世界か、変更前の世界です（違い：{what}）。"
            f"{anew}で作り直す（保存内容は失われます）か、--dataで別のフォルダーを指定してください。",
        )
    for seat in world.seats:
        if not seat.external and not layout.seat(seat.name).exists():
            raise WorldError(
                f"{seat.name} was a server of yours as this world was made, so nothing was made for "
                f"it: keep its external, or make the world anew with {anew} (what it holds is lost).",
                f"{seat.name}は利用者のサーバーとして作られました。externalを残すか、"
                f"{anew}で作り直してください（保存内容は失われます）。",
            )
