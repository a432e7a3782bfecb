"""Who may call whom: the table, grouped by seat and network, a line for each caller of a service.

It is the product's own form of the networks' connection rules (NET-01 to NET-16 and the linkage
rules of PRV and MID); the drawing in the READMEs and the tests of what must never happen are
derived from it. A service is that of the seat's network.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from renkei.networks import CONTROL, JUKINET, LINKAGE, WARD
from renkei.roles import Name

_OPERATORS: Final = "operators"
"""The package of what is an operator service's own, on whichever network it is."""

EVERY_SEAT: Final = "every seat"
"""Stands for each role, at the listeners that only test worlds have."""


class Scope(Enum):
    """Which institutions' callers are meant."""

    OWN = "own"
    OWN_OR_OF_PREFECTURE = "own, or the prefecture in which it lies"
    """A municipality's callers at their prefecture's seat, and the prefecture's own."""
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Row:
    """Callers of one role may call one service of one role's seat, on one network."""

    caller: str
    network: str
    scope: Scope
    seat: str
    service: str
    purpose: Name


@dataclass(frozen=True, slots=True)
class _Line:
    """What a row says beside its seat and network."""

    caller: str
    scope: Scope
    service: str
    purpose: Name
    package: str = ""
    """Where the service is the same on several networks; else it is the network's own."""


def _own(caller: str, service: str, purpose: Name) -> _Line:
    return _Line(caller, Scope.OWN, service, purpose)


def _any(caller: str, service: str, purpose: Name) -> _Line:
    return _Line(caller, Scope.ANY, service, purpose)


def _of_prefecture(caller: str, service: str, purpose: Name) -> _Line:
    return _Line(caller, Scope.OWN_OR_OF_PREFECTURE, service, purpose)


def _terminal(caller: str) -> _Line:
    return _Line(caller, Scope.OWN, "OperatorAccessService", _SESSIONS, _OPERATORS)


def _administrator() -> _Line:
    return _Line("admin", Scope.OWN, "OperatorRosterService", _ROSTER, _OPERATORS)


def _full_name(line: _Line, network: str) -> str:
    return f"renkei.{line.package or network}.v1.{line.service}"


def _at(seat: str, network: str, *lines: _Line) -> tuple[Row, ...]:
    return tuple(
        Row(one.caller, network, one.scope, seat, _full_name(one, network), one.purpose)
        for one in lines
    )


_ASKING_FOR_CODES = Name("ask for the acquisition of codes", "符号取得の依頼")
_RELAY = Name("hand on the linkage-code generation request", "符号生成要求の取次ぎ")
_NUMBERING = Name("numbering, number changes", "付番・番号の変更")
_SUB_COPIES = Name("sub-copies", "副本")
_SUB_COPIES_BY_FILE = Name("sub-copies by file", "副本のファイル連携")
_INQUIRIES = Name("inquiries, results", "情報照会・結果の取得")
_INQUIRIES_BY_FILE = Name("inquiries by file", "情報照会のファイル連携")
_NUMBERING_OF_OTHERS = Name("numbering of persons outside the register", "住登外者の付番")
_GENERATION = Name("linkage-code generation request", "符号生成要求")
_OWN_GENERATION = Name(
    "its own organisation's linkage-code generation requests", "自機関の符号生成要求"
)
_REGISTER = Name("enter and change records", "住民票の記載・修正・消除")
_DECISIONS = Name("decide provisional entries", "仮登録の承認・却下")
_UPDATES = Name("identity updates and their outcomes", "本人確認情報の更新とその結果")
_NOTIFICATIONS = Name("identity notifications and their outcomes", "本人確認情報の通知とその結果")
_SEARCHES = Name("search, national inquiry", "本人確認情報の検索・機構への照会")
_BULK_OUTPUTS = Name("bulk outputs", "大量出力の申請・承認・出力")
_OPERATION_LOG = Name("operation log", "操作履歴の検索")
_STATISTICS = Name("count updates", "更新件数の統計")
_IDENTITY_INQUIRIES = Name("identity inquiries", "本人確認情報の照会")
_CORRECTIONS = Name("permit corrections", "本人確認情報の修正の許可")
_FORWARDED = Name("forwarded notifications", "本人確認情報の通知の転送")
_CONSISTENCY = Name("consistency of identity files", "本人確認情報の整合")
_RECONCILIATION = Name("reconciliation with the register", "既存住基システムとの整合")
_CHECKS = Name("start a consistency check and see its report", "整合の開始・結果の閲覧")
_ACQUISITION = Name("code acquisition", "符号取得")
_KEYS = Name("the organisation's keys", "団体の鍵")
_ADDRESSES = Name("address information for review", "確認のための宛名情報")
_SESSIONS = Name("open and close a session", "セッションの開始・終了")
_STANDING = Name("is this session still good", "セッションの有効性の確認")
_ROSTER = Name("permissions, rosters, revocation", "権限・名簿・資格の失効")
_STATISTICS = Name("health, statistics, batches", "稼動状態・統計・バッチの状況")
_NUMBERING_AND_CODES = Name("numbering, code acquisition", "付番・符号取得")
_NUMBERING_OF_A_PREFECTURE = Name(
    "numbering, code acquisition at a prefecture", "都道府県における付番・符号取得"
)
_SERIALS = Name("processing serials", "処理通番の払出し")
_RECORD_CODES = Name("resident record code for a processing serial", "住民票コードの通知")
_DELIVERY = Name("deliver a code", "符号の通知")
_OWN_RECORDS = Name("the person's own records", "本人の情報提供等記録")
_ACCOUNTS = Name("open an account and see records", "アカウントの開設・記録の閲覧")
_RELEASE = Name("review and release", "送信内容の確認・提供")
_EXCHANGES = Name("inquiries, sealed answers", "情報照会・暗号化した回答")
_PUBLIC_KEYS = Name("public keys", "公開鍵の公開")
_ANNOUNCEMENT = Name(
    "announce an inquiry with its permit; hand over a sealed answer",
    "照会と許可証の通知・回答の引渡し",
)

TABLE: Final = (
    *_at(
        "national-server",
        JUKINET,
        _any("municipal-cs", "LinkageCodeGenerationService", _GENERATION),
        _any("agency-terminal", "LinkageCodeGenerationService", _OWN_GENERATION),
        _any("prefecture-server", "LinkageCodeGenerationService", _OWN_GENERATION),
        _any("prefecture-server", "IdentityNotificationService", _FORWARDED),
        _any("municipal-cs", "IdentityInquiryService", _IDENTITY_INQUIRIES),
        _any("municipal-cs", "ConsistencyService", _CONSISTENCY),
        _any("prefecture-server", "ConsistencyService", _CONSISTENCY),
    ),
    *_at(
        "prefecture-server",
        JUKINET,
        _of_prefecture("municipal-cs", "IdentityNotificationService", _NOTIFICATIONS),
        _of_prefecture("municipal-cs", "IdentityInquiryService", _IDENTITY_INQUIRIES),
        _own("prefecture-terminal", "IdentityInquiryService", _IDENTITY_INQUIRIES),
        _own("prefecture-terminal", "ConsistencyCheckService", _CHECKS),
        _of_prefecture("municipal-cs", "ConsistencyService", _CONSISTENCY),
        _terminal("prefecture-terminal"),
        _administrator(),
    ),
    *_at(
        "operator-service",
        WARD,
        _terminal("ward-terminal"),
        _terminal("cs-terminal"),
        _administrator(),
        _own("resident-record", "SessionService", _STANDING),
        _own("municipal-cs", "SessionService", _STANDING),
        _own("linkage-platform", "SessionService", _STANDING),
    ),
    *_at(
        "municipal-cs",
        WARD,
        _own("resident-record", "LinkageCodeGenerationService", _GENERATION),
        _own("resident-record", "IdentityNotificationService", _UPDATES),
        _own("cs-terminal", "CorrectionService", _CORRECTIONS),
        _own("resident-record", "ReconciliationService", _RECONCILIATION),
        _own("cs-terminal", "ConsistencyCheckService", _CHECKS),
        _own("cs-terminal", "IdentitySearchService", _SEARCHES),
        _own("cs-terminal", "BulkOutputService", _BULK_OUTPUTS),
        _own("cs-terminal", "OperationRecordService", _OPERATION_LOG),
        _own("cs-terminal", "StatisticsService", _STATISTICS),
    ),
    *_at(
        "resident-record",
        WARD,
        _own("ward-terminal", "ResidentRecordService", _ASKING_FOR_CODES),
        _own("ward-terminal", "ResidentService", _REGISTER),
        _own("ward-terminal", "EntryDecisionService", _DECISIONS),
        _own("ward-terminal", "ConsistencyCheckService", _CHECKS),
        _own("linkage-platform", "LinkageCodeRelayService", _RELAY),
    ),
    *_at(
        "linkage-platform",
        LINKAGE,
        _own("middle-server", "AddressInformationService", _ADDRESSES),
        _own("middle-terminal", "NumberingService", _NUMBERING_OF_A_PREFECTURE),
    ),
    *_at(
        "linkage-platform",
        WARD,
        _own("resident-record", "NumberingService", _NUMBERING),
        _own("resident-record", "SubCopyService", _SUB_COPIES),
        _own("resident-record", "RegistrationRunService", _SUB_COPIES_BY_FILE),
        _own("department-*", "InquiryService", _INQUIRIES),
        _own("department-*", "InquiryRunService", _INQUIRIES_BY_FILE),
        _own("address-system", "NumberingService", _NUMBERING_OF_OTHERS),
    ),
    *_at(
        "agency-linkage",
        LINKAGE,
        _terminal("middle-terminal"),
        _administrator(),
        _own("middle-terminal", "NumberingService", _NUMBERING_AND_CODES),
        _any("provision-network", "CodeDeliveryService", _DELIVERY),
        _own("middle-terminal", "InquiryService", _INQUIRIES),
        _own("middle-terminal", "ReleaseService", _RELEASE),
        _own("middle-terminal", "OrganisationKeyService", _KEYS),
        _any("provision-network", "ProvisionService", _ANNOUNCEMENT),
    ),
    *_at(
        "mynaportal",
        LINKAGE,
        _own("middle-terminal", "MynaportalService", _ACCOUNTS),
        _any("provision-network", "CodeDeliveryService", _DELIVERY),
    ),
    *_at(
        "middle-server",
        LINKAGE,
        _own("linkage-platform", "CodeAcquisitionService", _ACQUISITION),
        _own("linkage-platform", "SubCopyService", _SUB_COPIES),
        _own("middle-terminal", "OrganisationKeyService", _KEYS),
        _terminal("middle-terminal"),
        _administrator(),
        _any("platform-operator", "PlatformService", _STATISTICS),
        _any("provision-network", "CodeDeliveryService", _DELIVERY),
        _own("linkage-platform", "InquiryService", _INQUIRIES),
        _own("middle-terminal", "InquiryService", _INQUIRIES),
        _own("middle-terminal", "ReleaseService", _RELEASE),
        _any("provision-network", "ProvisionService", _ANNOUNCEMENT),
    ),
    *_at(
        "provision-network",
        LINKAGE,
        _any("middle-server", "ProcessingSerialService", _SERIALS),
        _any("agency-linkage", "ProcessingSerialService", _SERIALS),
        _any("mynaportal", "ProcessingSerialService", _SERIALS),
        _any("national-server", "ResidentRecordCodeService", _RECORD_CODES),
        _any("mynaportal", "RecordService", _OWN_RECORDS),
        _any("middle-server", "ExchangeService", _EXCHANGES),
        _any("middle-server", "KeyDirectoryService", _PUBLIC_KEYS),
        _any("agency-linkage", "ExchangeService", _EXCHANGES),
        _any("agency-linkage", "KeyDirectoryService", _PUBLIC_KEYS),
    ),
)

CONTROL_TABLE: Final = _at(
    EVERY_SEAT,
    CONTROL,
    _any("controller", "ClockService", Name("the clock", "時計")),
    _any("controller", "StateService", Name("snapshots", "スナップショット")),
)
"""Of test worlds, and of no network that is modelled: drawings and coverage leave it out."""
