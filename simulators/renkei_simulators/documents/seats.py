"""The roles that a world file may name, and the callers to whom a world gives certificates."""

from collections.abc import Iterable
from typing import Final

from renkei.networks import JUKINET, LINKAGE, WARD
from renkei.roles import ROLES, Role
from renkei_server.door.connections import TABLE
from renkei_server.roles.served import SERVED
from renkei_simulators.documents.markdown import table

_NETWORKS: Final = (WARD, JUKINET, LINKAGE)


def seats() -> str:
    """The roles that a server plays, where each listens, and where it calls."""
    return table(
        ("role", "日本語", "listens on", "calls on"),
        [(f"`{one.name}`", one.title.japanese, _listens(one), _calls(one)) for one in _served()],
    )


def callers() -> str:
    """The outside callers, and who each is."""
    return table(
        ("folder in `callers/`", "日本語", "who"),
        [(f"`{_folder(one)}/`", one.title.japanese, one.who) for one in ROLES.values() if one.who],
    )


def _folder(caller: Role) -> str:
    name = f"{caller.name}.{caller.institution or 'INSTITUTION'}"
    return f"{name}.NETWORK" if len(caller.networks) > 1 else name


def _served() -> Iterable[Role]:
    return (ROLES[name] for name in SERVED)


def _listens(role: Role) -> str:
    return _told(row.network for row in TABLE if row.seat == role.name)


def _calls(role: Role) -> str:
    as_itself = _told(row.network for row in TABLE if row.caller == role.name)
    as_another = [f"`{network}` as `{name}`" for network, name in role.also_bears]
    return ", ".join(filter(None, (as_itself, *as_another)))


def _told(networks: Iterable[str]) -> str:
    found = set(networks)
    return ", ".join(f"`{one}`" for one in _NETWORKS if one in found)
