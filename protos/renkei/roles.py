"""Each role of the networks: what is known of it, once.

Certificates, worlds, admission, audits and drawings read it here; what mirrors the specification
row by row (who may call whom, who may know what) stays a table of its own, and a test holds its
keys to these. A seat that a server plays has its bill of materials in `renkei_server.roles`.

Source: the roles of the modelled networks (documented names); the institutions, who is given which
certificate, and what the first operator may do are decided (invented).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from types import MappingProxyType
from typing import Final

from renkei.codes import Institution
from renkei.networks import CONTROL, JUKINET, LINKAGE, WARD


@dataclass(frozen=True, slots=True)
class Name:
    """A name in English and in Japanese."""

    english: str
    japanese: str


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who runs a seat. `key` names its tint."""

    key: str
    name: Name


MUNICIPALITY: Final = Keeper("municipality", Name("Municipality", "市区町村"))
PREFECTURE: Final = Keeper("prefecture", Name("Prefecture", "都道府県"))
J_LIS: Final = Keeper("j-lis", Name("J-LIS", "地方公共団体情報システム機構"))
PLATFORM: Final = Keeper("platform", Name("Shared platform", "中間サーバー・プラットフォーム"))
PRIME_MINISTER: Final = Keeper("core", Name("Prime Minister", "内閣総理大臣（デジタル庁）"))
AGENCY: Final = Keeper("agency", Name("National body", "国の機関等"))
ORGANISATION: Final = Keeper("organisation", Name("An organisation's staff", "各団体の職員"))
OTHER: Final = Keeper("other", Name("Other", ""))


class Key(Enum):
    """What a seat needs beside its certificates and the key of its store."""

    ROOT = auto()
    """The root key of a key store, where the seat keeps an organisation's keys."""
    CODES = auto()
    """The core's code key, in its key store: every code and every link id is made under it."""
    ANSWERS = auto()
    """The keys to which the organisation's answers are sealed."""
    RECORDS = auto()
    """What signs the heads of its log: of exchanges, or of provisions of identity information."""
    PERMITS = auto()
    """What signs permits; its public half, and that of the log's key, are published."""
    OPERATORS = auto()
    """What signs the sessions of its organisation's operators: the seat opens them itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One role, whether a server plays it or it calls from outside."""

    name: str
    title: Name
    keeper: Keeper
    networks: tuple[str, ...]
    """Where it bears a certificate of its own name, because it listens or calls there."""

    institution: str = ""
    """The one institution that keeps it, where there is one in the nation."""
    also_bears: tuple[tuple[str, str], ...] = ()
    """Networks where it calls under the name of another role."""
    operators: str = ""
    """The role whose operators act at it with a session; nothing where nobody does."""
    keys: frozenset[Key] = frozenset()
    exchanges: bool = False
    """Whether it inquires and provides for an organisation."""
    acquires: bool = False
    """Whether the provision network delivers codes to it."""

    unattended: bool = False
    """Of a caller: whether it acts for its organisation's own systems, without an operator, where
    everybody else brings a session."""

    beside: tuple[str, ...] = ()
    """Of a caller: a world gives a certificate to one beside each seat of these roles."""
    acts_at: tuple[str, ...] = ()
    """Of a terminal: the roles of the seats at which its operators act."""
    factors: tuple[str, ...] = ()
    """Of a terminal: the factors with which operators have to prove themselves there."""
    operator: str = "operator-1"
    """Of a terminal: who sits there at first."""
    may: tuple[str, ...] = ()
    """Of a terminal: the functions that its first operator may use."""
    approver: bool = False
    """Of a terminal: whether its first operator may approve what another one proposes."""
    who: str = ""
    """Of a caller: a sentence for those to whom a world gives its certificate."""


_ORGANISATION_KEYS = frozenset({Key.ROOT, Key.ANSWERS, Key.RECORDS, Key.OPERATORS})

_PROVISION_KEYS = frozenset({Key.RECORDS})

OPERATOR_SERVICE: Final = "operator-service"
"""The role that opens and judges the sessions of a municipality's operators."""

DEPARTMENT: Final = "department-"
"""What the name of each department of a municipality begins with."""

_TABLE: Final = (
    Role(
        name="national-server",
        title=Name("National server", "全国サーバ"),
        keeper=J_LIS,
        institution="jlis",
        networks=(JUKINET, LINKAGE),
        keys=_PROVISION_KEYS,
    ),
    Role(
        name="prefecture-server",
        title=Name("Prefecture server", "都道府県サーバ"),
        keeper=PREFECTURE,
        networks=(JUKINET,),
        operators="prefecture-server",
        keys=_PROVISION_KEYS | {Key.OPERATORS},
    ),
    Role(
        name="prefecture-terminal",
        title=Name("Prefecture terminal", "都道府県の業務端末"),
        keeper=PREFECTURE,
        networks=(JUKINET,),
        beside=("prefecture-server",),
        acts_at=("prefecture-server",),
        may=("identity-inquiry", "consistency"),
        who="a terminal of the prefecture's staff: it inquires for a listed affair at the prefecture "
        "server and has its file compared, with the operator session beside it",
    ),
    Role(
        name="municipal-cs",
        title=Name("Municipal CS", "市町村CS"),
        keeper=MUNICIPALITY,
        networks=(WARD, JUKINET),
        keys=_PROVISION_KEYS,
        operators=OPERATOR_SERVICE,
        unattended=True,
    ),
    Role(
        name="cs-terminal",
        title=Name("Integrated terminal", "統合端末"),
        keeper=MUNICIPALITY,
        networks=(WARD,),
        beside=("municipal-cs",),
        acts_at=("municipal-cs",),
        factors=("password", "biometric"),
        operator="operator-2",
        may=(
            "identity-search",
            "national-inquiry",
            "identity-approval",
            "bulk-output",
            "operation-log",
            "statistics",
            "consistency",
        ),
        approver=True,
        who="the integrated terminal of the municipal CS: it searches and approves there, with the "
        "operator session beside it",
    ),
    Role(
        name="agency-terminal",
        title=Name("Agency terminal", "代表端末"),
        keeper=AGENCY,
        networks=(JUKINET,),
    ),
    Role(
        name="ward-terminal",
        title=Name("Ward terminal", "業務端末"),
        keeper=MUNICIPALITY,
        networks=(WARD,),
        beside=("resident-record",),
        acts_at=("resident-record",),
        factors=("password", "biometric"),
        may=("code-acquisition", "resident-record"),
        who="a terminal of the ward's staff: it asks the resident record system, with the operator "
        "session beside it",
    ),
    Role(
        name="resident-record",
        title=Name("Resident record", "住民記録"),
        keeper=MUNICIPALITY,
        networks=(WARD,),
        operators=OPERATOR_SERVICE,
    ),
    Role(
        name=OPERATOR_SERVICE,
        title=Name("Operator service", "操作者認証"),
        keeper=MUNICIPALITY,
        networks=(WARD,),
        operators=OPERATOR_SERVICE,
        keys=frozenset({Key.OPERATORS}),
    ),
    Role(
        name="address-system",
        title=Name("Address system", "宛名管理"),
        keeper=MUNICIPALITY,
        networks=(WARD,),
        beside=("linkage-platform",),
        who="the ward's address system: it has persons outside the register numbered by the linkage "
        "platform",
    ),
    Role(
        name="department-care",
        title=Name("Care department", "介護保険担当課"),
        keeper=MUNICIPALITY,
        networks=(WARD,),
        beside=("linkage-platform",),
        who="the department of long-term care insurance: it inquires through the linkage platform",
    ),
    Role(
        name="department-register",
        title=Name("Register department", "住民記録担当課"),
        keeper=MUNICIPALITY,
        networks=(WARD,),
        beside=("linkage-platform",),
        who="the resident register's own department: it only provides",
    ),
    Role(
        name="department-*",
        title=Name("Departments", "業務所管課"),
        keeper=MUNICIPALITY,
        networks=(WARD,),
    ),
    Role(
        name="linkage-platform",
        title=Name("Linkage platform", "連携基盤"),
        keeper=MUNICIPALITY,
        networks=(WARD, LINKAGE),
        operators="middle-server",
        unattended=True,
    ),
    Role(
        name="middle-terminal",
        title=Name("Middle terminal", "接続端末"),
        keeper=ORGANISATION,
        networks=(LINKAGE,),
        beside=("middle-server", "agency-linkage", "mynaportal"),
        acts_at=("middle-server", "agency-linkage"),
        may=("organisation-keys", "inquiry", "release"),
        who="a terminal of an organisation's staff: it inquires, reviews and turns keys at the middle "
        "server or the agency linkage; at Mynaportal it stands for a person's own device",
    ),
    Role(
        name="admin",
        title=Name("Administrator", "システム管理者"),
        keeper=ORGANISATION,
        networks=(WARD, JUKINET, LINKAGE),
        beside=(OPERATOR_SERVICE, "prefecture-server", "middle-server", "agency-linkage"),
        who="the administrator of an institution's staff at its operator service, prefecture server, "
        "middle server or agency linkage: it says who may act there, and what they may do",
    ),
    Role(
        name="agency-linkage",
        title=Name("Agency linkage", "機関の連携基盤"),
        keeper=AGENCY,
        networks=(LINKAGE,),
        also_bears=((JUKINET, "agency-terminal"),),
        operators="agency-linkage",
        keys=_ORGANISATION_KEYS,
        exchanges=True,
        acquires=True,
    ),
    Role(
        name="mynaportal",
        title=Name("Mynaportal", "マイナポータル"),
        keeper=AGENCY,
        networks=(LINKAGE,),
        also_bears=((JUKINET, "agency-terminal"),),
        acquires=True,
    ),
    Role(
        name="middle-server",
        title=Name("Middle server", "中間サーバー"),
        keeper=PLATFORM,
        networks=(LINKAGE,),
        operators="middle-server",
        keys=_ORGANISATION_KEYS,
        exchanges=True,
        acquires=True,
    ),
    Role(
        name="platform-operator",
        title=Name("Platform operator", "運用事業者"),
        keeper=PLATFORM,
        institution="jlis",
        networks=(LINKAGE,),
        beside=("middle-server",),
        who="whoever runs the shared platform: it asks each middle server how it fares",
    ),
    Role(
        name="provision-network",
        title=Name("Provision network", "情報提供NWS"),
        keeper=PRIME_MINISTER,
        institution="ipn",
        networks=(LINKAGE,),
        keys=frozenset({Key.CODES, Key.RECORDS, Key.PERMITS}),
    ),
    Role(
        name="controller",
        title=Name("Controller", "試験の制御"),
        keeper=OTHER,
        institution="renkei",
        networks=(CONTROL,),
        who="whoever controls a test world: its clock, and snapshots of what its seats keep",
    ),
)
"""In the order in which a drawing has them from left to right."""

ROLES: Final[Mapping[str, Role]] = MappingProxyType({one.name: one for one in _TABLE})
"""Every role by its name."""

EXCHANGING: Final = tuple(one.name for one in _TABLE if one.exchanges)
"""The roles that exchange information for an organisation."""

ACQUIRING: Final = tuple(one.name for one in _TABLE if one.acquires)
"""The roles that acquire codes."""


_OF_PREFECTURES: Final = {
    "linkage-platform": replace(
        ROLES["linkage-platform"],
        keeper=PREFECTURE,
        networks=(LINKAGE,),
        also_bears=((JUKINET, "prefecture-server"),),
    )
}
"""What is otherwise known of a role at a prefecture: it has no ward network, so its linkage platform
calls the national server itself, under the name of the prefecture's server (decided)."""


def in_table(name: str) -> str:
    """How tables name a role: every department of a municipality stands in one row."""
    return f"{DEPARTMENT}*" if name.startswith(DEPARTMENT) else name


def role_of(name: str, institution: str = "") -> Role:
    """The role of this name, or of its row, as it is at an institution where that makes a difference.

    One that nobody knows has nothing but its name.
    """
    if name in _OF_PREFECTURES and Institution(institution).is_prefecture:
        return _OF_PREFECTURES[name]
    return (
        ROLES.get(name)
        or ROLES.get(in_table(name))
        or Role(name=name, title=Name(name, ""), keeper=OTHER, networks=())
    )
