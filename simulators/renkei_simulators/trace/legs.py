"""What each message of a flow carries, by method: code acquisition (F1), identity update (F3) and
consistency (F9) as data.

A leg is one RPC: what it asks, what the callee then does by itself, and what
the answer brings where it brings more than an acknowledgement. The step numbers
are those of the contract's own method options. Fidelity: inferred, but for the
poll messages, which are invented.
"""

import math
import re
from dataclasses import dataclass
from typing import Final

from renkei.roles import Name
from renkei_simulators.separation.knowledge import Kind


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its flow step, what it says, which kinds of value and which plain words it carries."""

    step: str
    says: Name
    carries: tuple[Kind, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def content(self) -> str:
        """What it carries, in words; never a value."""
        return " + ".join((*(LABELS[kind] for kind in self.carries), *self.words))


@dataclass(frozen=True, slots=True)
class Act:
    """What a seat does by itself once it was asked."""

    step: str
    does: Name


@dataclass(frozen=True, slots=True)
class Leg:
    """One RPC of the flow."""

    asks: Message
    then: Act | None = None
    answers: Message | None = None

    @property
    def steps(self) -> tuple[str, ...]:
        """The flow steps of the leg, in order."""
        return tuple(part.step for part in (self.asks, self.then, self.answers) if part)


LABELS: Final = {
    Kind.NAME_AND_ADDRESS: "four attributes",
    Kind.HOUSEHOLD: "household",
    Kind.RESIDENT_RECORD_CODE: "resident record code",
    Kind.INDIVIDUAL_NUMBER: "Individual Number",
    Kind.LOCAL_ADDRESS_NUMBER: "local number",
    Kind.INTEGRATED_ADDRESS_NUMBER: "integrated number",
    Kind.PROCESSING_SERIAL: "serial",
    Kind.LINK_ID: "link id",
    Kind.LINKAGE_CODE: "code",
    Kind.CARD_SERIAL: "card serial",
}

_PERSON_AND_SERIAL: Final = (Kind.INDIVIDUAL_NUMBER, Kind.PROCESSING_SERIAL)
_IDENTITY: Final = (
    Kind.RESIDENT_RECORD_CODE,
    Kind.INDIVIDUAL_NUMBER,
    Kind.NAME_AND_ADDRESS,
)
_NOTIFY: Final = "/renkei.jukinet.v1.IdentityNotificationService/NotifyIdentityChange"
_ENTERED: Final = Leg(
    Message(
        "F3.1",
        Name("Enter this in the register", "住民票の記載・修正"),
        (Kind.LOCAL_ADDRESS_NUMBER, *_IDENTITY),
    ),
)
_OUTCOMES: Final = Name("What became of it?", "結果の確認")
_TO_PREFECTURE: Final = Leg(
    Message("F3.5", Name("Notify the change", "本人確認情報の通知"), _IDENTITY, ("sequence",)),
    Act("F3.6", Name("Of this prefecture, next in sequence? Apply it", "順序の確認と反映")),
)
_TO_NATION: Final = Leg(
    Message("F3.7", Name("Notify the change", "本人確認情報の通知"), _IDENTITY, ("origin",)),
    Act("F3.8", Name("Next of its origin? Apply", "順序の確認と反映")),
)
_SUMS: Final = Name("Sums of the digests of a municipality's persons", "ダイジェストの合計")
_DIGESTS: Final = Name("The persons of what differs", "相違のある区分の者")
_DIFFERING: Final = Name("Which of their items differ?", "項目の照合")


def _compared(step: str, service: str, compare: str) -> dict[str, Leg]:
    """The three calls of a comparison at one seat."""
    code = (Kind.RESIDENT_RECORD_CODE,)
    return {
        f"/{service}/ListBucketDigests": Leg(Message(step, _SUMS, words=("no person",))),
        f"/{service}/ListPersonDigests": Leg(
            Message(step, _DIGESTS, words=("no person",)),
            answers=Message(step, Name("Codes and digests", "住民票コードとダイジェスト"), code),
        ),
        f"/{service}/{compare}": Leg(
            Message("F9.5", _DIFFERING, _IDENTITY),
            answers=Message("F9.5", Name("Names of items", "項目名"), words=("no value",)),
        ),
    }


LEGS: Final = {
    **_compared("F9.1", "renkei.jukinet.v1.ConsistencyService", "ComparePersons"),
    **_compared("F9.4", "renkei.ward.v1.ReconciliationService", "CompareResidents"),
    "/renkei.ward.v1.ResidentRecordService/RequestCodeAcquisition": Leg(
        Message(
            "F1.0",
            Name("Acquire a code for them", "符号取得の指示"),
            (Kind.LOCAL_ADDRESS_NUMBER,),
        ),
    ),
    "/renkei.ward.v1.NumberingService/NumberPerson": Leg(
        Message(
            "F1.1",
            Name("Number this person", "付番依頼"),
            (Kind.LOCAL_ADDRESS_NUMBER, Kind.NAME_AND_ADDRESS, Kind.INDIVIDUAL_NUMBER),
        ),
        Act("F1.2", Name("Same Individual Number, same integrated number", "統合宛名番号の付番")),
    ),
    "/renkei.linkage.v1.NumberingService/NumberPerson": Leg(
        Message("F1.1", Name("Number this person", "付番依頼"), (Kind.INDIVIDUAL_NUMBER,)),
        Act("F1.2", Name("Same Individual Number, same integrated number", "統合宛名番号の付番")),
    ),
    "/renkei.linkage.v1.CodeAcquisitionService/AcquireCode": Leg(
        Message(
            "F1.3",
            Name("Acquire a code", "符号取得依頼"),
            (Kind.INTEGRATED_ADDRESS_NUMBER, Kind.INDIVIDUAL_NUMBER),
        ),
        answers=Message("F1.6", Name("Take this serial out", "処理通番の通知"), _PERSON_AND_SERIAL),
    ),
    "/renkei.linkage.v1.ProcessingSerialService/IssueProcessingSerial": Leg(
        Message("F1.4", Name("A serial, please", "処理通番の要求"), words=("no person",)),
        answers=Message(
            "F1.5", Name("Good once, for you", "処理通番の払出し"), (Kind.PROCESSING_SERIAL,)
        ),
    ),
    "/renkei.ward.v1.LinkageCodeRelayService/RelayLinkageCodeGeneration": Leg(
        Message("F1.7a", Name("Hand this on", "符号生成要求の中継"), _PERSON_AND_SERIAL),
    ),
    "/renkei.ward.v1.LinkageCodeGenerationService/GenerateLinkageCode": Leg(
        Message("F1.7b", Name("Have a code generated", "符号生成要求"), _PERSON_AND_SERIAL),
    ),
    "/renkei.jukinet.v1.LinkageCodeGenerationService/GenerateLinkageCode": Leg(
        Message("F1.8", Name("Generate a code", "符号生成要求"), _PERSON_AND_SERIAL),
        Act("F1.9", Name("Individual Number → resident record code", "住民票コードへの変換")),
    ),
    "/renkei.linkage.v1.ResidentRecordCodeService/ReportResidentRecordCode": Leg(
        Message(
            "F1.10",
            Name(
                "Whom the serial stands for: the Individual Number stays behind",
                "住民票コードの通知",
            ),
            (Kind.PROCESSING_SERIAL, Kind.RESIDENT_RECORD_CODE),
            ("asking institution",),
        ),
        Act(
            "F1.11", Name("Owner and expiry agree? Make the owner's code", "通番の照合と符号の生成")
        ),
    ),
    "/renkei.linkage.v1.CodeDeliveryService/DeliverCode": Leg(
        Message(
            "F1.12",
            Name("The code for the serial", "符号の通知"),
            (Kind.PROCESSING_SERIAL, Kind.LINKAGE_CODE),
        ),
        Act(
            "F1.13",
            Name("Bind code to integrated number, erase the serial", "符号の紐付け・通番の消去"),
        ),
    ),
    "/renkei.linkage.v1.CodeAcquisitionService/GetCodeAcquisition": Leg(
        Message(
            "F1.14",
            Name("Is it done?", "紐付け結果の確認"),
            (Kind.INTEGRATED_ADDRESS_NUMBER,),
            ("a state comes back",),
        ),
    ),
    "/renkei.linkage.v1.NumberingService/GetNumberingOutcome": Leg(
        Message(
            "F1.14",
            Name("Is it done?", "紐付け結果の確認"),
            (Kind.INTEGRATED_ADDRESS_NUMBER,),
            ("a state comes back",),
        ),
    ),
    "/renkei.ward.v1.NumberingService/GetNumberingOutcome": Leg(
        Message(
            "F1.15",
            Name("What became of it?", "結果の確認"),
            (Kind.LOCAL_ADDRESS_NUMBER,),
            ("a state comes back",),
        ),
    ),
    "/renkei.ward.v1.ResidentService/EnterResident": _ENTERED,
    "/renkei.ward.v1.ResidentService/ChangeResident": _ENTERED,
    "/renkei.ward.v1.IdentityNotificationService/NotifyIdentityChange": Leg(
        Message("F3.2", Name("Notify the change", "本人確認情報の通知"), _IDENTITY, ("sequence",)),
        Act("F3.3", Name("Sound? Match by resident record code, apply it", "点検・照合・反映")),
    ),
    "/renkei.ward.v1.IdentityNotificationService/ListNotificationOutcomes": Leg(
        Message("F3.4", _OUTCOMES, words=("no person",)),
        answers=Message(
            "F3.4",
            Name("Applied, or refused and why", "反映または拒否の結果"),
            (Kind.RESIDENT_RECORD_CODE,),
        ),
    ),
    _NOTIFY: _TO_PREFECTURE,
    "/renkei.jukinet.v1.IdentityNotificationService/ListNotificationOutcomes": Leg(
        Message("F3.5", _OUTCOMES, words=("no person",)),
        answers=Message(
            "F3.5",
            Name("Applied, or refused and why", "反映または拒否の結果"),
            (Kind.RESIDENT_RECORD_CODE,),
        ),
    ),
    "/renkei.linkage.v1.ResidentRecordCodeService/ChangeResidentRecordCode": Leg(
        Message(
            "F3.9",
            Name("Old and new code: the number stays behind", "住民票コードの変更の通知"),
            (Kind.RESIDENT_RECORD_CODE,),
        ),
    ),
    "/renkei.ward.v1.NumberingService/ChangeIndividualNumber": Leg(
        Message(
            "F13.1",
            Name("Old and new Individual Number", "個人番号の変更の通知"),
            (Kind.INDIVIDUAL_NUMBER,),
        ),
    ),
}

LEGS_BY_ROLE: Final = {
    (_NOTIFY, "prefecture-server"): _TO_PREFECTURE,
    (_NOTIFY, "national-server"): _TO_NATION,
}
"""One method that is two steps: which, its callee's role tells."""


def steps_at(method: str, steps: tuple[str, ...], callee: str) -> tuple[str, ...]:
    """The steps of a method as a callee of this role is asked; `steps` are the contract's."""
    leg = LEGS_BY_ROLE.get((method, callee))
    if leg is not None:
        return (leg.asks.step,)
    if not steps and method in LEGS:
        return (LEGS[method].asks.step,)
    return steps


def leg_of(method: str, steps: tuple[str, ...]) -> Leg:
    """The leg of a method; for a method of no flow, one that carries its name alone."""
    known = _TO_NATION if method == _NOTIFY and "F3.7" in steps else LEGS.get(method)
    if known is not None:
        return known
    return Leg(Message(steps[0] if steps else "", Name(method.rpartition("/")[2], "")))


def flow_order(step: str) -> tuple[float, str]:
    """The sort key of a flow step, `F1.7b` after `F1.7a` and before `F1.8`; what is no step is last."""
    match = re.fullmatch(r"F\d+\.(\d+)([a-z]?)", step)
    return (int(match[1]), match[2]) if match else (math.inf, "")


def short(step: str) -> str:
    """A step as it stands in a circle: `7b` for `F1.7b`."""
    return step.partition(".")[2]
