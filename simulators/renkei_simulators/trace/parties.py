"""How seats and networks are called in a trace, who runs them, and where they stand in a drawing.

Source: the roles and trust domains of the modelled networks (documented names;
the trust domains are decided). The order from left to right is the drawing's
own: the resident-register network, then the ward, then the linkage network.
"""

from dataclasses import dataclass
from typing import Final, Self

from renkei_pki.identity import JUKINET, LINKAGE, Identity


@dataclass(frozen=True, slots=True, order=True)
class Seat:
    """A role at an institution, written `<role>.<institution>`."""

    role: str
    institution: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raise ValueError unless text is a role, a dot and an institution."""
        role, dot, institution = text.partition(".")
        if not (role and dot and institution):
            raise ValueError(f"no seat: {text!r}")
        return cls(role, institution)

    @classmethod
    def of(cls, identity: Identity) -> Self:
        """The seat that a certificate speaks for, on whichever network."""
        return cls(identity.role, identity.institution)

    def __str__(self) -> str:
        return f"{self.role}.{self.institution}"


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
PREFECTURE: Final = Keeper("municipality", Name("Prefecture", "都道府県"))
J_LIS: Final = Keeper("j-lis", Name("J-LIS", "地方公共団体情報システム機構"))
PLATFORM: Final = Keeper("platform", Name("Shared platform", "中間サーバー・プラットフォーム"))
PRIME_MINISTER: Final = Keeper("core", Name("Prime Minister", "内閣総理大臣（デジタル庁）"))
AGENCY: Final = Keeper("agency", Name("National body", "国の機関等"))


@dataclass(frozen=True, slots=True)
class Role:
    """What a drawing says of a role."""

    name: Name
    keeper: Keeper


ROLES: Final = {
    "national-server": Role(Name("National server", "全国サーバ"), J_LIS),
    "prefecture-server": Role(Name("Prefecture server", "都道府県サーバ"), PREFECTURE),
    "municipal-cs": Role(Name("Municipal CS", "市町村CS"), MUNICIPALITY),
    "agency-terminal": Role(Name("Agency terminal", "代表端末"), AGENCY),
    "ward-terminal": Role(Name("Ward terminal", "業務端末"), MUNICIPALITY),
    "resident-record": Role(Name("Resident record", "住民記録"), MUNICIPALITY),
    "address-system": Role(Name("Address system", "宛名管理"), MUNICIPALITY),
    "linkage-platform": Role(Name("Linkage platform", "連携基盤"), MUNICIPALITY),
    "middle-terminal": Role(Name("Middle terminal", "接続端末"), AGENCY),
    "agency-linkage": Role(Name("Agency linkage", "機関の連携基盤"), AGENCY),
    "mynaportal": Role(Name("Mynaportal", "マイナポータル"), AGENCY),
    "middle-server": Role(Name("Middle server", "中間サーバー"), PLATFORM),
    "provision-network": Role(Name("Provision network", "情報提供NWS"), PRIME_MINISTER),
}
"""From left to right. A role that is not here stands at the right under its own name."""

_PLACES: Final = tuple(ROLES)


def role_of(seat: Seat) -> Role:
    """What a drawing says of a seat's role."""
    return ROLES.get(seat.role) or Role(Name(seat.role, ""), Keeper("other", Name("Other", "")))


def place_of(seat: Seat) -> tuple[int, str, str]:
    """The sort key that puts seats from left to right."""
    place = _PLACES.index(seat.role) if seat.role in _PLACES else len(_PLACES)
    return place, seat.role, seat.institution


@dataclass(frozen=True, slots=True)
class Network:
    """A trust domain as a drawing shows it. `key` names its colour."""

    key: str
    name: Name


_NETWORKS: Final = {
    JUKINET: Network("jukinet", Name("Resident-register network", "住基ネット")),
    LINKAGE: Network("linkage", Name("Linkage network", "LGWAN・情報連携")),
}
WARD: Final = Network("ward", Name("Ward's own network", "庁内ネットワーク"))


def network_of(domain: str) -> Network:
    """The network of a trust domain."""
    if domain.startswith("ward-"):
        return WARD
    return _NETWORKS.get(domain) or Network("other", Name(domain, ""))
