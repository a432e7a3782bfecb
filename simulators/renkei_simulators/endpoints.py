"""A world's listeners as they are shown, and the seats that are not open."""

from collections.abc import Sequence

from rich.console import Console

from renkei_server.process.owner import Reports
from renkei_simulators.listing import Listing
from renkei_simulators.world.definition import World
from renkei_simulators.world.listeners import Listener


def endpoints(world: World, listeners: Sequence[Listener]) -> Listing:
    """Where everything is, and how it is."""
    headings = ("seat", "network", "address", "state")
    table = Listing(*headings, title=f"World “{world.name}”", prose=("state",))
    for one in listeners:
        yours = one.external and not one.missing
        colour = "green" if one.serving else "cyan" if yours else "red"
        state = f"[{colour}]{one.answer.lower().replace('_', ' ')}"
        table.add_row(one.seat, one.identity.domain, one.address, state)
    return table


def tell_upgraded(reports: Reports) -> None:
    """Say of which seats the databases were upgraded as they were opened."""
    for seat, report in reports.items():
        if report.upgraded:
            found, now = report.upgraded
            Console(highlight=False, soft_wrap=True).print(
                f"database of {seat}: upgraded from {found} to {now}"
            )


def tell_closed(reports: Reports) -> None:
    """Say on stderr which seats are not open, and why."""
    for seat, report in reports.items():
        if not report.is_open:
            Console(stderr=True, highlight=False, markup=False, soft_wrap=True).print(
                f"{seat} is not open: {report.english} {report.japanese}"
            )


def tell_owed(reports: Reports) -> None:
    """Say which calls seats have tried in vain, since when, to whom and why."""
    for seat, report in reports.items():
        for one in report.owed:
            where = f" {one['detail']}" if one["detail"] else ""
            Console(highlight=False, markup=False, soft_wrap=True).print(
                f"{seat} owes {one['calls']} × {one['kind']} since {one['since']}: "
                f"{one['reason']}{where}. {one['english']} {one['japanese']}"
            )


def tell_set_back(reports: Reports) -> None:
    """Say which seats were set back of late, and what names what they lost."""
    for seat, report in reports.items():
        if not (told := report.set_back):
            continue
        restored = told["how"] == "restored"
        how = "by renkei restore" if restored else "by its files, as neighbours noticed"
        how_ja = (
            "renkei restoreによる復元"
            if restored
            else "ファイルの差し戻し（隣接機関との照合で検知）"
        )
        owed = f" Not compared yet with {told['owed']}." if told["owed"] else ""
        owed_ja = f"未照合の相手：{told['owed']}。" if told["owed"] else ""
        Console(highlight=False, markup=False, soft_wrap=True).print(
            f"{seat} was set back {how}, {told['at']}; its neighbours saw {told['forgotten']} of its "
            f"tellings that it has forgotten.{owed} renkei audit names what was lost. "
            f"{seat}は過去の状態に戻されました（{how_ja}、{told['at']}）。{owed_ja}"
            "失われたものはrenkei auditで確認できます。"
        )


def tell_missing(listeners: Sequence[Listener]) -> None:
    """Say on stderr where nothing listens though a server of yours is told to."""
    for one in listeners:
        if one.missing:
            Console(stderr=True, highlight=False, markup=False, soft_wrap=True).print(
                f"{one.seat} is a server of yours, and nothing listens at {one.address} "
                f"({one.identity.domain}): start it there, or correct external in the world file. "
                f"{one.seat}は利用者のサーバーですが、{one.address}で待ち受けていません。"
                "起動するか、世界ファイルのexternalを直してください。"
            )
