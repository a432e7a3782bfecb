"""The roles that a server process can run: those that have a bill of materials here."""

import pkgutil
from typing import Final

from renkei.roles import ROLES
from renkei_server import roles

_MODULES: Final = frozenset(one.name for one in pkgutil.iter_modules(roles.__path__))


def module_of(role: str) -> str:
    """The name of the module that holds a role's bill, where there is one."""
    return role.replace("-", "_")


SERVED: Final = tuple(role for role in ROLES if module_of(role) in _MODULES)
"""Known without a bill being read: whoever only runs a world needs none of them."""
