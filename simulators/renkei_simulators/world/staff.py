"""The first operator at each terminal of a world, entered before any server runs.

Further ones are enrolled at the services of their institutions.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from renkei.roles import ROLES
from renkei.type.v1.operator_session_pb2 import OperatorSession, OperatorSessionClaims
from renkei_pki.identity import Identity
from renkei_server.domain.operators import Access
from renkei_server.process.machine import MachineIds
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.operators import SALT_BYTES, Operators, verifier_of
from renkei_simulators.world.certificates import LOGIN_FILE, SESSION_FILE, operator_service_of
from renkei_simulators.world.definition import World
from renkei_simulators.world.layout import Layout


@dataclass(frozen=True, slots=True)
class Login:
    """What is kept of the password that lies in a terminal's folder."""

    salt: bytes = field(repr=False)
    verifier: bytes = field(repr=False)

    @classmethod
    def of(cls, folder: Path) -> Self:
        """Hash it; that takes its time, by design."""
        salt = MachineIds().random_bytes(SALT_BYTES)
        return cls(salt, verifier_of((folder / LOGIN_FILE).read_text(), salt))


Logins = Mapping[Identity, Future[Login]]
"""By terminal."""


@contextmanager
def hashing(world: World, layout: Layout) -> Iterator[Logins]:
    """Hash the passwords of all terminals beside what else is done meanwhile."""
    terminals = [one for one in world.callers if operator_service_of(world, one)]
    with ThreadPoolExecutor(1) as beside:
        yield {one: beside.submit(Login.of, layout.caller(one)) for one in terminals}


def seed_operator(
    connection: Connection, sealer: Sealer, terminal: Identity, folder: Path, login: Login
) -> None:
    """Enter the first operator at a terminal, and the session that lies in its folder."""
    staff, role = Operators(sealer), ROLES[terminal.role]
    operator = role.operator
    staff.enrol(connection, operator, salt=login.salt, verifier=login.verifier, roster_end=None)
    functions = [(function, Access.UPDATE) for function in role.may]
    staff.set_permissions(connection, operator, functions)
    staff.set_approver(connection, operator, approver=role.approver)
    session = OperatorSession.FromString((folder / SESSION_FILE).read_bytes())
    session_id = OperatorSessionClaims.FromString(session.claims).session_id
    staff.open_session(connection, session_id, operator, session.claims)
