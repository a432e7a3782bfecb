"""The flows that are traced, as their drawings call them, told apart by the number of their steps.

Fidelity: the flows inferred; their traces invented.
"""

from dataclasses import dataclass
from typing import Final

from renkei.roles import Name


@dataclass(frozen=True, slots=True)
class Flow:
    """One flow, in words."""

    key: str
    """The number before the dot of its steps."""
    title: Name
    lead: Name
    caption: str
    in_time: bool = False
    """Whether its hops are shown as they came, for a step may look back at later ones."""


ACQUISITION: Final = Flow(
    "F1",
    Name("One code acquisition", "符号取得"),
    Name(
        "The request goes out by one network and the answer comes back by another."
        " Nothing joins the two but the processing serial.",
        "要求は住基ネットで出て行き、答えは情報連携のネットワークで戻る。二つをつなぐのは処理通番だけである。",
    ),
    "Out by one network, back by another: the serial 処理通番 alone joins them.",
)
NOTIFICATION: Final = Flow(
    "F3",
    Name("One change of a record", "本人確認情報の更新"),
    Name(
        "The register tells the municipal CS, which tells the prefecture, which tells the nation;"
        " what became of it is fetched back, hop by hop.",
        "変更は住民記録からCS、都道府県、全国の順に通知され、その結果は逆の順に取り出される。",
    ),
    "Up hop by hop, each in the order of the person's sequence; outcomes are fetched.",
    in_time=True,
)
COMPARISON: Final = Flow(
    "F9",
    Name("One comparison of files", "本人確認情報の整合"),
    Name(
        "Whoever compares asks for sums of digests, then for the persons of what differs, then which of"
        " their items do.",
        "ダイジェストの合計、相違のある区分の者、項目の順に突き合わせる。",
    ),
    "What it costs follows what differs; nothing is repaired.",
    in_time=True,
)
_FLOWS: Final = {one.key: one for one in (ACQUISITION, NOTIFICATION, COMPARISON)}


def flow_of(step: str) -> Flow:
    """The flow of a step, `F3.1`; what is no step is taken for a code acquisition's."""
    return _FLOWS.get(step.partition(".")[0], ACQUISITION)
