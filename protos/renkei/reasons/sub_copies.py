"""Sub-copies · 副本."""

from renkei.reasons.reason import Reason

MALFORMED_SUB_COPY = Reason(
    "MALFORMED_SUB_COPY",
    "INVALID_ARGUMENT",
    "A part of the sub-copy is not of its form.",
    "副本の項目の形式が正しくありません。",
)
INFORMATION_UNKNOWN = Reason(
    "INFORMATION_UNKNOWN",
    "INVALID_ARGUMENT",
    "No layout is known for this specific personal information.",
    "この特定個人情報名のレイアウトは登録されていません。",
)
LAYOUT_VERSION_UNKNOWN = Reason(
    "LAYOUT_VERSION_UNKNOWN",
    "INVALID_ARGUMENT",
    "The layout of this information has no such version.",
    "この特定個人情報名のレイアウトにその版はありません。",
)
LAYOUT_NOT_VALID = Reason(
    "LAYOUT_NOT_VALID",
    "FAILED_PRECONDITION",
    "This version of the layout does not hold on this day.",
    "このレイアウトの版は本日有効ではありません。",
)
ITEM_OUTSIDE_LAYOUT = Reason(
    "ITEM_OUTSIDE_LAYOUT",
    "INVALID_ARGUMENT",
    "The sub-copy holds an item that its layout does not know.",
    "レイアウトにない項目が副本に含まれています。",
)
ITEM_MISSING = Reason(
    "ITEM_MISSING",
    "INVALID_ARGUMENT",
    "An item that the layout requires is absent.",
    "レイアウトで必須とされる項目がありません。",
)
ITEM_NOT_NULLABLE = Reason(
    "ITEM_NOT_NULLABLE",
    "INVALID_ARGUMENT",
    "The item may not be without a value for this reason.",
    "この項目はこの理由で空値とすることができません。",
)
ITEM_NULL_WITHOUT_REASON = Reason(
    "ITEM_NULL_WITHOUT_REASON",
    "INVALID_ARGUMENT",
    "An item without a value does not say why, or gives a reason that does not exist.",
    "空値の項目に未設定事由がないか、存在しない事由です。",
)
ITEM_TOO_LONG = Reason(
    "ITEM_TOO_LONG",
    "INVALID_ARGUMENT",
    "The item's value is longer than its layout allows.",
    "項目の値がレイアウトの桁数を超えています。",
)
ITEM_MALFORMED = Reason(
    "ITEM_MALFORMED",
    "INVALID_ARGUMENT",
    "The item's value is not of the form that its layout gives.",
    "項目の値がレイアウトの形式と一致しません。",
)
SUB_COPY_NOT_HELD = Reason(
    "SUB_COPY_NOT_HELD",
    "NOT_FOUND",
    "No sub-copy is held under this person, information and record key.",
    "この対象者・特定個人情報名・レコードキーの副本は登録されていません。",
)
ORGANISATION_KEY_MISSING = Reason(
    "ORGANISATION_KEY_MISSING",
    "FAILED_PRECONDITION",
    "The organisation has no key for its sub-copies, or it was destroyed.",
    "団体の副本用の鍵がないか、破棄されています。",
    passing=True,
)
REWRAPPING_UNDER_WAY = Reason(
    "REWRAPPING_UNDER_WAY",
    "FAILED_PRECONDITION",
    "The keys were rotated before and sub-copies are still being wrapped anew. Wait until that has ended.",
    "前回の鍵更新に伴う再暗号化が進行中です。完了してから実行してください。",
    passing=True,
)
KEY_STORE_LOCKED = Reason(
    "KEY_STORE_LOCKED",
    "UNAVAILABLE",
    "The key store cannot be used now. Try again later.",
    "鍵管理装置を現在利用できません。時間をおいて再試行してください。",
    passing=True,
)
