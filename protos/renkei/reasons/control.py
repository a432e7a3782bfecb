"""The control of a test world · 試験用の世界の制御."""

from renkei.reasons.reason import Reason

MALFORMED_SNAPSHOT_NAME = Reason(
    "MALFORMED_SNAPSHOT_NAME",
    "INVALID_ARGUMENT",
    "A snapshot's name is one to forty lower-case letters, digits and hyphens.",
    "スナップショット名は英小文字・数字・ハイフンの1〜40文字です。",
)
SNAPSHOT_UNKNOWN = Reason(
    "SNAPSHOT_UNKNOWN",
    "NOT_FOUND",
    "There is no snapshot of this name.",
    "その名前のスナップショットはありません。",
)
WORK_NOT_PAUSED = Reason(
    "WORK_NOT_PAUSED",
    "FAILED_PRECONDITION",
    "The seat's own work goes on. Pause it before a snapshot is restored.",
    "サーバー自身の処理が動作中です。復元の前に一時停止してください。",
    passing=True,
)
WORLD_TIME_OUT_OF_RANGE = Reason(
    "WORLD_TIME_OUT_OF_RANGE",
    "INVALID_ARGUMENT",
    "A world's time lies from 2000 to 2199, so that every term can be counted from it; "
    "the clock stays as it is.",
    "世界の時刻は期限を計算できる2000年から2199年までです。時計は変更されていません。",
)
