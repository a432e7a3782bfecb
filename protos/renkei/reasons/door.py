"""Who is calling, at the door · 呼出元の確認."""

from renkei.reasons.reason import Reason

TLS_TOO_OLD = Reason(
    "TLS_TOO_OLD",
    "UNAUTHENTICATED",
    "The connection is older than TLS 1.3. Connect with TLS 1.3.",
    "TLS 1.3より古い接続です。TLS 1.3で接続してください。",
    passing=True,
)
CALLER_UNIDENTIFIED = Reason(
    "CALLER_UNIDENTIFIED",
    "UNAUTHENTICATED",
    "The client certificate does not hold exactly one identity of the expected form. "
    "Use a certificate with one SPIFFE URI.",
    "クライアント証明書に所定の形式の識別子がちょうど一つ含まれていません。"
    "SPIFFE URIを一つ持つ証明書を使ってください。",
    passing=True,
)
CALLER_OF_ANOTHER_DOMAIN = Reason(
    "CALLER_OF_ANOTHER_DOMAIN",
    "UNAUTHENTICATED",
    "The certificate belongs to another trust domain than this listener.",
    "証明書がこの接続口とは別の信頼ドメインのものです。",
    passing=True,
)
CALLER_REVOKED = Reason(
    "CALLER_REVOKED",
    "UNAUTHENTICATED",
    "The client certificate has been revoked. Ask for a new one.",
    "クライアント証明書は失効しています。新しい証明書を取得してください。",
    passing=True,
)
CALLER_OUT_OF_DATE = Reason(
    "CALLER_OUT_OF_DATE",
    "UNAUTHENTICATED",
    "The client certificate is not valid at this time. Ask for a new one.",
    "クライアント証明書の有効期間外です。新しい証明書を取得してください。",
    passing=True,
)
REVOCATION_UNKNOWN = Reason(
    "REVOCATION_UNKNOWN",
    "UNAVAILABLE",
    "Whether the certificate has been revoked cannot be judged now. Try again later.",
    "証明書の失効の有無を現在確認できません。時間をおいて再試行してください。",
    passing=True,
)
CALLER_NOT_ADMITTED = Reason(
    "CALLER_NOT_ADMITTED",
    "PERMISSION_DENIED",
    "This caller may not call this method.",
    "この呼出元にはこのメソッドの呼出しが許可されていません。",
    passing=True,
)
METHOD_UNKNOWN = Reason(
    "METHOD_UNKNOWN",
    "UNIMPLEMENTED",
    "This server has no such method. Its services can be listed by reflection.",
    "このサーバーにその名前のメソッドはありません。リフレクションでサービスの一覧を確認できます。",
)
SENDER_IS_NOT_CALLER = Reason(
    "SENDER_IS_NOT_CALLER",
    "PERMISSION_DENIED",
    "The sender field does not name the institution of the client certificate.",
    "送信者の項目がクライアント証明書の機関と一致しません。",
)
