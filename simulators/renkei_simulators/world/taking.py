"""Taking a world that was made before; to make one takes far more than this (`provision`)."""

from datetime import UTC, datetime

from renkei_pki import files
from renkei_pki.authority import Authority
from renkei_simulators.world.changes import differences
from renkei_simulators.world.configs import write_configs
from renkei_simulators.world.definition import World, WorldError
from renkei_simulators.world.form import made_anew, require_form
from renkei_simulators.world.layout import Layout


def take(world: World, layout: Layout) -> bool:
    """Make a folder's world ready to be started; return whether there is one.

    Whoever calls it holds the folder. Raises WorldError where it is another world; what may change has changed. What a seat's database is, the seat
    itself judges as it opens.
    """
    if not layout.is_made:
        return False
    require_form(layout)
    _tighten(layout)
    if layout.definition.read_text(encoding="utf-8") != world.text:
        _require_same(world, layout)
        files.replace(layout.definition, world.text.encode())
    for domain in world.domains:  # the last list may be older than it is good for
        _renew_list(layout, domain)
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


def _tighten(layout: Layout) -> None:
    """Let nobody else read what an older version, or a copy, left open to others."""
    try:
        files.tighten(layout.root)
    except PermissionError as error:
        raise WorldError(
            f"{error.filename} belongs to somebody else, who could read this world's keys: make the "
            f"folder your own (chown -R), or name another with --data.",
            f"{error.filename}は別の利用者の所有です。世界の鍵を読まれるおそれがあります。"
            "フォルダーの所有者を変える（chown -R）か、--dataで別のフォルダーを指定してください。",
        ) from error


def _renew_list(layout: Layout, domain: str) -> None:
    try:
        Authority.load(layout.authority(domain)).renew_list(now=datetime.now(UTC))
    except (OSError, ValueError) as error:
        where, anew = layout.authority(domain), made_anew(layout)
        raise WorldError(
            f"the authority of {domain} in {where} cannot be read ({error}): bring its files back "
            f"from a copy, or make the world anew with {anew} (what it holds is lost).",
            f"{where}の認証局が読み取れません。ファイルを写しから戻すか、"
            f"{anew}で作り直してください（保存内容は失われます）。",
        ) from error
