"""Databases that cannot be opened · 開けないデータベース."""

from renkei.reasons.reason import Reason

STORE_URL_MALFORMED = Reason(
    "STORE_URL_MALFORMED",
    "FAILED_PRECONDITION",
    "The store's URL is none of a PostgreSQL database. "
    "Write it as postgresql://USER:PASSWORD@HOST:PORT/DATABASE in the world file.",
    "データベースのURLが正しくありません。ワールドファイルにpostgresql://USER:PASSWORD@HOST:PORT/DATABASE"
    "の形式で指定してください。",
)
STORE_DRIVER_MISSING = Reason(
    "STORE_DRIVER_MISSING",
    "FAILED_PRECONDITION",
    "The package that speaks to PostgreSQL is not installed: pip install 'renkei[postgresql]'.",
    "PostgreSQL用のパッケージがありません。pip install 'renkei[postgresql]'でインストールしてください。",
)
STORE_NOT_REACHED = Reason(
    "STORE_NOT_REACHED",
    "UNAVAILABLE",
    "The database server did not answer. Check that it runs, and host and port of the store's URL.",
    "データベースサーバーから応答がありません。起動状態と、URLのホスト名・ポート番号を確認してください。",
    passing=True,
)
STORE_LOGIN_REFUSED = Reason(
    "STORE_LOGIN_REFUSED",
    "FAILED_PRECONDITION",
    "The database server refused the login, or the login may not use the database. "
    "Check user and password of the store's URL, and let the user create schemas there.",
    "データベースサーバーがログインを拒否したか、利用権限がありません。URLのユーザー名とパスワードを確認し、"
    "スキーマの作成権限を付与してください。",
)
STORE_DATABASE_MISSING = Reason(
    "STORE_DATABASE_MISSING",
    "FAILED_PRECONDITION",
    "The database server has no database of this name. Create it, or correct the store's URL.",
    "指定された名前のデータベースがありません。作成するか、URLを修正してください。",
)
STORE_READ_ONLY = Reason(
    "STORE_READ_ONLY",
    "FAILED_PRECONDITION",
    "The database can only be read. Name one that can be written in the store's URL.",
    "データベースが読み取り専用です。書き込み可能なデータベースをURLに指定してください。",
)
STORE_FULL = Reason(
    "STORE_FULL",
    "UNAVAILABLE",
    "The disk of the database is full. Make room and start again; nothing is lost.",
    "データベースのディスク容量が不足しています。容量を確保して再起動してください。データは失われていません。",
    passing=True,
)
STORE_CROWDED = Reason(
    "STORE_CROWDED",
    "UNAVAILABLE",
    "The database server takes no more connections. Each seat needs up to three: "
    "raise max_connections, or close others.",
    "データベースサーバーの接続数が上限に達しています。各システムは最大3接続を使用します。"
    "max_connectionsを増やすか、他の接続を閉じてください。",
    passing=True,
)
STORE_OF_A_NEWER_VERSION = Reason(
    "STORE_OF_A_NEWER_VERSION",
    "FAILED_PRECONDITION",
    "A newer version made this database, and it was left as it is. "
    "Use that version, or restore a backup that this one made.",
    "このデータベースは新しい版で作られたものです。変更は加えていません。"
    "その版を使うか、この版で取ったバックアップを復元してください。",
)
STORE_OF_AN_OLDER_VERSION = Reason(
    "STORE_OF_AN_OLDER_VERSION",
    "FAILED_PRECONDITION",
    "An older version made this, and it cannot be used as it is. A database is upgraded when its "
    "server next starts; a snapshot on PostgreSQL has to be saved anew.",
    "古い版で作られたもので、このままでは使えません。データベースは次にサーバーを起動したときに更新されます。"
    "PostgreSQL上のスナップショットは保存し直してください。",
)
STORE_OF_ANOTHER_SEAT = Reason(
    "STORE_OF_ANOTHER_SEAT",
    "FAILED_PRECONDITION",
    "This database belongs to another seat or another world. "
    "Name the seat's own in the world file, or an empty one.",
    "このデータベースは別のシステムまたは別の世界のものです。"
    "ワールドファイルに、このシステム自身のデータベースか空のデータベースを指定してください。",
)
STORE_OF_ANOTHER_FORM = Reason(
    "STORE_OF_ANOTHER_FORM",
    "FAILED_PRECONDITION",
    "This is no database of Renkei's, or none that this version can upgrade; it was left as it is. "
    "Name another one, restore a backup, or make the world anew with --fresh: what it holds is "
    "lost then.",
    "Renkeiのデータベースではないか、この版では更新できないものです。変更は加えていません。"
    "別のデータベースを指定するか、バックアップを復元するか、--freshを付けて世界を作り直してください"
    "（作り直すと保存内容は失われます）。",
)
STORE_MISSING = Reason(
    "STORE_MISSING",
    "FAILED_PRECONDITION",
    "The seat's database is not there any more, and an empty one is not made in its place. "
    "Restore a backup with `renkei restore`, or make the world anew with --fresh: "
    "what it holds is lost then.",
    "このシステムのデータベースが見当たりません。空のデータベースで代用することはしません。"
    "`renkei restore`でバックアップを復元するか、--freshを付けて世界を作り直してください"
    "（作り直すと保存内容は失われます）。",
)
SEAT_RUNS_ALREADY = Reason(
    "SEAT_RUNS_ALREADY",
    "FAILED_PRECONDITION",
    "The seat runs already, with this folder or with its database. Stop it with `renkei down` "
    "before it is started again; nothing of it was touched.",
    "このフォルダーまたはデータベースのシステムは既に起動しています。`renkei down`で停止してから起動してください。データは変更されていません。",
)
STORE_TAKEN_OVER = Reason(
    "STORE_TAKEN_OVER",
    "UNAVAILABLE",
    "Another process has opened the database since, and this one writes to it no more. "
    "Stop one of the two.",
    "別のプロセスが同じデータベースを開いたため、このプロセスは書き込めません。どちらか一方を停止してください。",
    passing=True,
)
STORE_KEYS_MISSING = Reason(
    "STORE_KEYS_MISSING",
    "UNAVAILABLE",
    "The file of the keys that go with the database is not there. "
    "Put it back; without it what was written under them is lost.",
    "データベースに対応する消去用鍵のファイルがありません。元の場所に戻してください。"
    "このファイルがなければ、その鍵で暗号化された値は復元できません。",
    passing=True,
)
STORE_KEYS_DAMAGED = Reason(
    "STORE_KEYS_DAMAGED",
    "UNAVAILABLE",
    "The file of the keys that go with the database cannot be read, or lacks a key of a value. "
    "Put back the file that belongs to this database.",
    "データベースに対応する消去用鍵のファイルを読み取れないか、必要な鍵が含まれていません。"
    "このデータベースに属するファイルを元に戻してください。",
    passing=True,
)
SEAT_INCOMPLETE = Reason(
    "SEAT_INCOMPLETE",
    "FAILED_PRECONDITION",
    "The server lacks a key, a certificate or another file that it needs, or cannot read it. "
    "Certificates are made anew with renkei pki rotate; bring a key back, or the whole server with "
    "renkei restore. Without a backup only a world made anew has it: renkei up --fresh.",
    "必要な鍵・証明書などのファイルがないか、読み取れません。証明書はrenkei pki rotateで作り直せます。鍵はファイルを"
    "戻すか、renkei restoreでサーバーごと復元してください。バックアップがなければrenkei up --freshで作り直すしかありません。",
)
