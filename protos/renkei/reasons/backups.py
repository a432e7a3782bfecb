"""Backups that cannot be used · 使えないバックアップ."""

from renkei.reasons.reason import Reason

BACKUP_KEY_MALFORMED = Reason(
    "BACKUP_KEY_MALFORMED",
    "FAILED_PRECONDITION",
    "The file is no key for backups, or others than its owner can read it. "
    "Name one that `renkei backup-key` made, and let its owner alone read it (chmod 600).",
    "バックアップ用の鍵ファイルではないか、所有者以外も読める状態です。"
    "`renkei backup-key`で作成したファイルを指定し、所有者だけが読めるようにしてください（chmod 600）。",
)
BACKUP_UNKNOWN = Reason(
    "BACKUP_UNKNOWN",
    "FAILED_PRECONDITION",
    "The file is no backup that this version can read.",
    "このバージョンで読めるバックアップファイルではありません。",
)
BACKUP_UNDER_ANOTHER_KEY = Reason(
    "BACKUP_UNDER_ANOTHER_KEY",
    "FAILED_PRECONDITION",
    "The backup was made under another key. Name that key's file with --key.",
    "別の鍵で作成されたバックアップです。その鍵のファイルを--keyで指定してください。",
)
BACKUP_DAMAGED = Reason(
    "BACKUP_DAMAGED",
    "DATA_LOSS",
    "The backup is not as it was made: something of it was changed, or its end is missing. "
    "Take another copy of it, or an older backup.",
    "バックアップが作成時の状態と異なります。改変されたか、末尾が欠けています。"
    "別の複製か、以前のバックアップを使用してください。",
)
BACKUP_OF_ANOTHER_WORLD = Reason(
    "BACKUP_OF_ANOTHER_WORLD",
    "FAILED_PRECONDITION",
    "The backup is of another world. Restore it to the folder of the world that it was made from.",
    "別の世界のバックアップです。作成元の世界のフォルダーに復元してください。",
)
BACKUP_OF_ANOTHER_SEAT = Reason(
    "BACKUP_OF_ANOTHER_SEAT",
    "FAILED_PRECONDITION",
    "The backup is not of the seat that was named, or another one of the same seat was named too.",
    "指定されたシステムのバックアップではないか、同じシステムのバックアップが複数指定されています。",
)
LEFT_OUT_OF_BACKUP = Reason(
    "LEFT_OUT_OF_BACKUP",
    "ABORTED",
    "It was under way when the backup was made from which the server was restored. Ask again.",
    "サーバーの復元に用いたバックアップの作成時に処理中でした。改めて依頼してください。",
)
