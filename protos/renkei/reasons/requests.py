"""The form of a request, at the door · 要求の形式."""

from renkei.reasons.reason import Reason

BATCH_TOO_LARGE = Reason(
    "BATCH_TOO_LARGE",
    "INVALID_ARGUMENT",
    "The batch holds more requests than this server takes at once. Send less at a time.",
    "一括要求の件数が上限を超えています。分割して送信してください。",
)
NOT_IN_A_BATCH = Reason(
    "NOT_IN_A_BATCH",
    "FAILED_PRECONDITION",
    "This request is not answered in a batch: its method never is, or the answer finds no room. "
    "Send it by itself.",
    "この要求は一括では応答できません（対象外のメソッドであるか、応答の容量が不足しています）。"
    "単独で送信してください。",
)
MESSAGE_TOO_LARGE = Reason(
    "MESSAGE_TOO_LARGE",
    "RESOURCE_EXHAUSTED",
    "The message is larger than this server takes. Send less at a time.",
    "メッセージがこのサーバーの上限を超えています。分割して送ってください。",
)
TOO_MANY_CALLS = Reason(
    "TOO_MANY_CALLS",
    "RESOURCE_EXHAUSTED",
    "Too many calls of this caller wait at this server. "
    "Send the request again, with the same request id, after the delay that is told.",
    "この呼出元からの要求がこのサーバーで待機できる上限に達しています。"
    "示された時間が経過してから、同じ要求IDで再送してください。",
    passing=True,
)
MALFORMED_MESSAGE = Reason(
    "MALFORMED_MESSAGE",
    "INVALID_ARGUMENT",
    "The bytes are not a message of the method's request type.",
    "受信したデータがこのメソッドの要求メッセージとして解釈できません。",
)
UNKNOWN_FIELD = Reason(
    "UNKNOWN_FIELD",
    "INVALID_ARGUMENT",
    "The message holds a field outside the contract; this service takes the listed items only.",
    "規定外の項目が含まれています。このサービスは所定の項目だけを受け付けます。",
)
UNKNOWN_ENUM_NUMBER = Reason(
    "UNKNOWN_ENUM_NUMBER",
    "INVALID_ARGUMENT",
    "An enum field holds a number outside the contract.",
    "列挙型の項目に規定外の番号が入っています。",
)
MALFORMED_REQUEST_ID = Reason(
    "MALFORMED_REQUEST_ID",
    "INVALID_ARGUMENT",
    "The request id is not a UUID in its usual form of 36 characters in lower case.",
    "要求IDが通常の形式（小文字36文字）のUUIDではありません。",
)
REQUEST_ID_MISSING = Reason(
    "REQUEST_ID_MISSING",
    "INVALID_ARGUMENT",
    "The request bears no request id. Make a UUID once for what you want done, and send it with "
    "every repeat.",
    "要求IDがありません。要求ごとにUUIDを一つ作り、再送時も同じIDを付けてください。",
)
REQUEST_ID_REUSED = Reason(
    "REQUEST_ID_REUSED",
    "ALREADY_EXISTS",
    "This request id was used before with other content. Make a new one.",
    "この要求IDは別の内容で使用済みです。新しいIDを発行してください。",
)
FIELD_MISSING = Reason(
    "FIELD_MISSING",
    "INVALID_ARGUMENT",
    "A field that must be set is absent.",
    "必須の項目がありません。",
)
