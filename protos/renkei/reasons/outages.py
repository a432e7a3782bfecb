"""Outages and faults · 停止と障害."""

from renkei.reasons.reason import Reason

PEER_UNREACHABLE = Reason(
    "PEER_UNREACHABLE",
    "UNAVAILABLE",
    "The other server did not answer. Check that it runs and that the certificates of both fit.",
    "相手のサーバーから応答がありません。起動状態と双方の証明書を確認してください。",
    passing=True,
)
PEER_NOT_UNDERSTOOD = Reason(
    "PEER_NOT_UNDERSTOOD",
    "UNAVAILABLE",
    "The other server refused without a reason of this contract.",
    "相手のサーバーが規定の理由を示さずに拒否しました。",
    passing=True,
)
DEADLINE_PASSED = Reason(
    "DEADLINE_PASSED",
    "DEADLINE_EXCEEDED",
    "The deadline passed before the work was done. A repeat with the same request id is safe.",
    "処理が期限内に終わりませんでした。同じ要求IDでの再送は安全です。",
    passing=True,
)
STORE_UNAVAILABLE = Reason(
    "STORE_UNAVAILABLE",
    "UNAVAILABLE",
    "The server cannot reach its database now. Try again later.",
    "サーバーのデータベースが現在利用できません。時間をおいて再試行してください。",
    passing=True,
)
SEAT_RECONCILES = Reason(
    "SEAT_RECONCILES",
    "UNAVAILABLE",
    "The server compares its memory with its neighbours, for some seconds at most, before it serves. "
    "Try again then.",
    "サーバーは開始前に隣接する機関と記録を照合しています（数秒以内）。時間をおいて再試行してください。",
    passing=True,
)
ADDRESS_TAKEN = Reason(
    "ADDRESS_TAKEN",
    "FAILED_PRECONDITION",
    "The seat cannot listen at its address. Stop the other program that listens there, or give the "
    "seat another address.",
    "このアドレスで待ち受けできません。そこで待ち受けている別のプログラムを止めるか、別のアドレスを指定してください。",
)
SEATS_RUN_ALREADY = Reason(
    "SEATS_RUN_ALREADY",
    "FAILED_PRECONDITION",
    "Another process runs these seats already. Stop it first.",
    "これらのサーバーは別のプロセスで既に動いています。先にそれを止めてください。",
)
INTERNAL = Reason(
    "INTERNAL",
    "INTERNAL",
    "The server met a fault of its own. Tell its operator the incident id.",
    "サーバー内部で障害が発生しました。運用者に障害IDを伝えてください。",
    passing=True,
)
