"""What the tables of a world file tell against each other: a port twice, a seat named twice."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from renkei.networks import CONTROL
from renkei_simulators.world.addresses import Address
from renkei_simulators.world.definition import SeatPlan, World, WorldError


def judge(world: World) -> None:
    """Raise WorldError where they cannot all be so."""
    if not world.seats:
        raise WorldError(
            "it names no server: add a [[seat]].", "[[seat]]がありません。一つ以上書いてください。"
        )
    require_once("[[seat]]", (one.name for one in world.seats))
    if not world.test and CONTROL in world.domains:
        raise WorldError(
            "a listener for control needs test = true: no other world may be controlled.",
            "controlのアドレスはtest = trueの世界にだけ書けます。",
        )
    if not world.test and world.crash_points:
        raise WorldError(
            "crash_points needs test = true: no other world may let its servers die.",
            "crash_pointsはtest = trueの世界にだけ書けます。",
        )
    _judge_processes(world)
    _judge_tokens(world.seats)
    _judge_addresses(world.seats)


def _judge_processes(world: World) -> None:
    for seat in (one for one in world.seats if one.workers > 1 or one.token):
        if others := [
            one.name for one in world.seats if one.process == seat.process and one is not seat
        ]:
            why = f"{seat.workers} workers" if seat.workers > 1 else "a token"
            japanese = "workersが2以上" if seat.workers > 1 else "tokenを使う"
            raise WorldError(
                f"{seat.name} has {why} and needs a process of its own: let "
                f"{', '.join(others)} name another one.",
                f"{japanese}の{seat.name}は専用のプロセスで動きます。"
                f"{'、'.join(others)}には別のprocessを書いてください。",
            )


def _judge_tokens(seats: Sequence[SeatPlan]) -> None:
    """A device is one seat's own: who logs in to it may use every key there."""
    at: dict[tuple[Path, str], str] = {}
    for seat in seats:
        if seat.token is None:
            continue
        place = (seat.token.module, seat.token.label)
        if (other := at.setdefault(place, seat.name)) != seat.name:
            raise WorldError(
                f"{other} and {seat.name} have the same token, {seat.token.label}: give each one of "
                "its own.",
                f"{other}と{seat.name}のトークン{seat.token.label}が同じです。"
                "シートごとに別のトークンを指定してください。",
            )


def _judge_addresses(seats: Sequence[SeatPlan]) -> None:
    ours: list[tuple[str, Address]] = []
    for seat in seats:
        for where in () if seat.external else seat.listen.values():
            address = Address.parse(where)
            _require_apart(seat.name, address, ours)
            ours.append((seat.name, address))
    for seat in seats:
        for where in seat.external.values():
            _require_apart(seat.name, Address.parse(where), ours)


def _require_apart(name: str, address: Address, taken: Sequence[tuple[str, Address]]) -> None:
    for other, there in taken:
        if address.meets(there):
            raise WorldError(
                f"{name} and {other} have the same address, {there}: give each a port of its own.",
                f"{name}と{other}のアドレス{there}が重複しています。"
                "ポート番号を別々にしてください。",
            )


def require_once(what: str, told: Iterable[str]) -> None:
    """Raise WorldError where one of these is told twice."""
    twice = sorted(one for one, times in Counter(told).items() if times > 1)
    if twice:
        names = ", ".join(twice)
        raise WorldError(
            f"{what} names {names} more than once.", f"{what}に{names}が重複しています。"
        )
