"""Who calls whom, seat by seat: the table that every door judges by, for readers.

Fidelity: that of the table.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import Final

from renkei.networks import WARD
from renkei.roles import Name, role_of
from renkei_server.door.connections import TABLE, Row, Scope
from renkei_simulators import contract
from renkei_simulators.documents.markdown import both, role, table
from renkei_simulators.trace import parties

_HEADS: Final = ("caller · 呼出元", "whose · 範囲", "service · サービス", "for · 目的")

_WHOSE: Final = {
    Scope.OWN: Name("its own", "自機関"),
    Scope.OWN_OR_OF_PREFECTURE: Name(
        "its own, and those that lie in it", "自都道府県とその区域内の市区町村"
    ),
    Scope.ANY: Name("anybody's", "全機関"),
}


def connections(rows: Sequence[Row] = TABLE) -> str:
    """A section for each seat, and in it a table for each network on which it listens."""
    seats = dict.fromkeys(row.seat for row in rows)
    return "\n\n".join(
        block for seat in seats for block in _section(seat, [r for r in rows if r.seat == seat])
    )


def _section(seat: str, rows: Sequence[Row]) -> Iterator[str]:
    title = role_of(seat).title
    yield f"## `{seat}` · {title.english} · {title.japanese}"
    for network, found in groupby(rows, key=lambda row: row.network):
        name = _name(network)
        yield f"On `{network}`: {name.english} · {name.japanese}"
        yield table(_HEADS, map(_cells, found))


def _cells(row: Row) -> tuple[str, ...]:
    service = f"[{row.service.rpartition('.')[2]}](../protos/{_file_of(row.service)})"
    return _caller(row.caller), both(_WHOSE[row.scope]), service, both(row.purpose)


def _caller(name: str) -> str:
    return role(name, role_of(name).title)


def _name(network: str) -> Name:
    known = parties.WARD if network == WARD else parties.network_of(network)
    return known.name


def _file_of(service: str) -> str:
    """The .proto file of a service."""
    return _files()[service]


@cache
def _files() -> dict[str, str]:
    return {
        service.full_name: file
        for file in contract.files()
        for service in contract.descriptor(file).services_by_name.values()
    }
