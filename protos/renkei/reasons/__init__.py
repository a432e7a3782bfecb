"""Every reason for which a request is refused, by subject, on one registry.

Say `reasons.SERIAL_EXPIRED`; `named` finds one by the name that came over the wire. A new reason
is an entry in the file of its subject, and nothing else.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from renkei.reasons import (
    accounts,
    answers,
    backups,
    batch_files,
    certificates,
    codes,
    control,
    door,
    exchanges,
    identities,
    law,
    operators,
    outages,
    requests,
    searches,
    stores,
    sub_copies,
    tokens,
    values,
)
from renkei.reasons.accounts import *
from renkei.reasons.answers import *
from renkei.reasons.backups import *
from renkei.reasons.batch_files import *
from renkei.reasons.certificates import *
from renkei.reasons.codes import *
from renkei.reasons.control import *
from renkei.reasons.door import *
from renkei.reasons.exchanges import *
from renkei.reasons.identities import *
from renkei.reasons.law import *
from renkei.reasons.operators import *
from renkei.reasons.outages import *
from renkei.reasons.reason import Reason as Reason
from renkei.reasons.requests import *
from renkei.reasons.searches import *
from renkei.reasons.stores import *
from renkei.reasons.sub_copies import *
from renkei.reasons.tokens import *
from renkei.reasons.values import *

SUBJECTS: Final = (
    door,
    certificates,
    requests,
    values,
    operators,
    codes,
    sub_copies,
    batch_files,
    control,
    law,
    exchanges,
    identities,
    searches,
    accounts,
    answers,
    outages,
    stores,
    tokens,
    backups,
)
"""The modules that hold reasons, in the order in which readers are told them."""


def _registered() -> dict[str, Reason]:
    """Every reason by name; raises ValueError where one is not called as it is named."""
    found: dict[str, Reason] = {}
    for subject in SUBJECTS:
        for name, one in vars(subject).items():
            if isinstance(one, Reason):
                if name != one.name or name in found:
                    msg = f"{name} in {subject.__name__} is named {one.name}, or stands twice"
                    raise ValueError(msg)
                found[name] = one
    return found


NAMED: Final[Mapping[str, Reason]] = MappingProxyType(_registered())
"""Every reason by its name, in the order of the subjects."""


def named(name: str) -> Reason:
    """The reason of this name. Raises KeyError where the contract has none."""
    return NAMED[name]
