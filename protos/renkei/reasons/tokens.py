"""Tokens that keep a seat's keys · 鍵を保管する耐タンパー装置（トークン）."""

from renkei.reasons.reason import Reason

TOKEN_PACKAGE_MISSING = Reason(
    "TOKEN_PACKAGE_MISSING",
    "FAILED_PRECONDITION",
    "The package that speaks to tokens is not installed: pip install 'renkei[hsm]'.",
    "トークン用のパッケージがありません。pip install 'renkei[hsm]'でインストールしてください。",
)
TOKEN_MODULE_MISSING = Reason(
    "TOKEN_MODULE_MISSING",
    "FAILED_PRECONDITION",
    "The token's PKCS#11 module is not there, or is none. Install the maker's, and name its file as "
    "module in the world file.",
    "トークンのPKCS#11モジュールが見つからないか、読み込めません。製造元のモジュールを導入し、"
    "ワールドファイルのmoduleにそのファイルを指定してください。",
)
TOKEN_ABSENT = Reason(
    "TOKEN_ABSENT",
    "FAILED_PRECONDITION",
    "No token of this label is in any slot of the module. Put it in, or correct label in the world "
    "file, and start the server again.",
    "指定したラベルのトークンがどのスロットにもありません。トークンを接続するか、ワールドファイルのlabelを"
    "修正し、サーバーを起動し直してください。",
)
TOKEN_PIN_FILE_UNFIT = Reason(
    "TOKEN_PIN_FILE_UNFIT",
    "FAILED_PRECONDITION",
    "The file of the token's PIN is not there, is empty, or others can read it. Write the PIN into "
    "it on one line, and let its owner alone read it (chmod 600).",
    "トークンのPINファイルがないか、空か、他の利用者が読み取れます。PINを1行で書き、"
    "所有者だけが読めるようにしてください（chmod 600）。",
)
TOKEN_PIN_REFUSED = Reason(
    "TOKEN_PIN_REFUSED",
    "FAILED_PRECONDITION",
    "The token refused the PIN, and it is not tried again by itself: a token locks after a few wrong "
    "ones. Correct the PIN's file; unlock the token with the maker's tool where it is locked.",
    "トークンがPINを拒否しました。誤入力が続くとロックされるため、自動では再試行しません。PINファイルを修正し、"
    "ロックされている場合は製造元のツールで解除してください。",
)
TOKEN_UNFIT = Reason(
    "TOKEN_UNFIT",
    "FAILED_PRECONDITION",
    "The token lacks something that is needed: keys of ECDSA P-256 that it makes itself, AES-256-GCM, "
    "and room for a key of each. Use another one.",
    "トークンが必要な機能（内部で生成するECDSA P-256鍵、AES-256-GCM、各鍵の空き領域）を備えていません。"
    "別のトークンを使用してください。",
)
TOKEN_KEY_MISSING = Reason(
    "TOKEN_KEY_MISSING",
    "FAILED_PRECONDITION",
    "The token has not the key that the server's files name: it is another one, or was initialised "
    "anew. Put the right one in, or one that its maker's tool made a copy of. Certificates are made "
    "anew with renkei pki rotate; what its wrapping key wrapped opens with that key alone.",
    "サーバーの鍵がこのトークンにありません。別のトークンか、初期化されたトークンです。正しいトークンか、"
    "製造元のツールで複製したトークンを接続してください。証明書はrenkei pki rotateで作り直せますが、"
    "ラップ鍵で暗号化されたものはその鍵でしか開けません。",
)
KEY_OUTSIDE_TOKEN = Reason(
    "KEY_OUTSIDE_TOKEN",
    "FAILED_PRECONDITION",
    "The seat has a token, and one of its keys lies in a file that opens without it. Nothing is "
    "served with such a key: renew a certificate with renkei pki rotate, or make the world anew.",
    "トークンを使うシートの鍵が、トークンなしで開けるファイルに置かれています。その鍵では起動しません。"
    "証明書はrenkei pki rotateで更新し、その他は世界を作り直してください。",
)
KEY_OF_A_TOKEN = Reason(
    "KEY_OF_A_TOKEN",
    "FAILED_PRECONDITION",
    "A token keeps this key, and no token is named for the seat. Name it as token in the world file.",
    "この鍵はトークンに保管されていますが、シートにトークンが指定されていません。"
    "ワールドファイルにtokenを指定してください。",
)
