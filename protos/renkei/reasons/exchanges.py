"""Inquiries and permits · 情報照会と許可証."""

from renkei.reasons.reason import Reason

MALFORMED_EXCHANGE_ID = Reason(
    "MALFORMED_EXCHANGE_ID",
    "INVALID_ARGUMENT",
    "The exchange id is not a UUID in its usual form of 36 characters in lower case.",
    "情報提供の交換IDが通常の形式（小文字36文字）のUUIDではありません。",
)
MALFORMED_INQUIRY = Reason(
    "MALFORMED_INQUIRY",
    "INVALID_ARGUMENT",
    "A part of what the inquiry asks is not of its form.",
    "情報照会の項目の形式が正しくありません。",
)
INQUIRER_IS_NOT_SENDER = Reason(
    "INQUIRER_IS_NOT_SENDER",
    "PERMISSION_DENIED",
    "The inquirer is not the institution that asks. It can inquire for itself alone.",
    "情報照会者が要求元の機関と一致しません。自機関の照会だけができます。",
)
CODE_NOT_ACQUIRED = Reason(
    "CODE_NOT_ACQUIRED",
    "FAILED_PRECONDITION",
    "No code has been acquired for this person. Acquire it first.",
    "この団体内統合宛名番号は符号が未取得です。先に符号を取得してください。",
)
INQUIRY_UNKNOWN = Reason(
    "INQUIRY_UNKNOWN",
    "NOT_FOUND",
    "There is no such inquiry of this institution.",
    "この機関にその照会はありません。",
)
INQUIRY_ENDED = Reason(
    "INQUIRY_ENDED",
    "FAILED_PRECONDITION",
    "The inquiry has ended already. Fetch what came of it.",
    "照会はすでに終了しています。結果を取得してください。",
)
INQUIRY_NOT_ENDED = Reason(
    "INQUIRY_NOT_ENDED",
    "FAILED_PRECONDITION",
    "The inquiry has not ended yet. There is no answer to be acknowledged.",
    "照会はまだ終了していません。受領を確認する回答がありません。",
    passing=True,
)
EXCHANGE_UNKNOWN = Reason(
    "EXCHANGE_UNKNOWN",
    "NOT_FOUND",
    "There is no such exchange in which this institution has this part.",
    "この機関が当事者であるその情報提供はありません。",
)
EXCHANGE_ID_TAKEN = Reason(
    "EXCHANGE_ID_TAKEN",
    "ALREADY_EXISTS",
    "An exchange of this id exists already.",
    "この交換IDの情報提供はすでに存在します。",
)
EXCHANGE_NOT_YET_PERMITTED = Reason(
    "EXCHANGE_NOT_YET_PERMITTED",
    "FAILED_PRECONDITION",
    "The inquirer has not learnt yet that the exchange was permitted.",
    "照会者側で許可がまだ確認されていません。",
    passing=True,
)
EXCHANGE_ALREADY_ANNOUNCED = Reason(
    "EXCHANGE_ALREADY_ANNOUNCED",
    "FAILED_PRECONDITION",
    "The provider may have been told already. It can be cancelled no more.",
    "情報提供者に通知済みの可能性があるため、取り消せません。",
)
EXCHANGE_ENDED = Reason(
    "EXCHANGE_ENDED",
    "FAILED_PRECONDITION",
    "The exchange has ended: it was answered, cancelled, not permitted, or it expired.",
    "この情報提供は終了しています（回答済み・取消し・不許可・期限切れ）。",
)
EXCHANGE_NOT_OVERDUE = Reason(
    "EXCHANGE_NOT_OVERDUE",
    "FAILED_PRECONDITION",
    "The exchange may still be answered: its permit has not expired.",
    "許可証の有効期限前であり、この情報提供はまだ回答される可能性があります。",
    passing=True,
)
TERM_OVER = Reason(
    "TERM_OVER",
    "FAILED_PRECONDITION",
    "The other server gave no answer within the longest term of this work. Ask again.",
    "相手のサーバーから最長期限内に応答がありませんでした。あらためて依頼してください。",
)
SEALING_KEYS_NOT_PUBLISHED = Reason(
    "SEALING_KEYS_NOT_PUBLISHED",
    "FAILED_PRECONDITION",
    "The organisation has not published the keys to which its answers are sealed.",
    "団体が回答の暗号化に用いる公開鍵を公開していません。",
    passing=True,
)
MALFORMED_ANSWER = Reason(
    "MALFORMED_ANSWER",
    "INVALID_ARGUMENT",
    "The answer is not of its form.",
    "回答の形式が正しくありません。",
)
ANSWER_NOT_HELD = Reason(
    "ANSWER_NOT_HELD",
    "NOT_FOUND",
    "No answer of this exchange waits for a review.",
    "確認待ちの回答はありません。",
)
ANSWER_CHANGED_SINCE_REVIEW = Reason(
    "ANSWER_CHANGED_SINCE_REVIEW",
    "ABORTED",
    "What would go out is not what was reviewed. Review it again.",
    "送信内容が確認時から変わっています。もう一度確認してください。",
)
PERMIT_SIGNATURE_INVALID = Reason(
    "PERMIT_SIGNATURE_INVALID",
    "PERMISSION_DENIED",
    "The permit was not signed by the information provision network, or is damaged.",
    "許可証が情報提供ネットワークシステムによって署名されていないか、壊れています。",
)
PERMIT_OF_ANOTHER_WORLD = Reason(
    "PERMIT_OF_ANOTHER_WORLD",
    "PERMISSION_DENIED",
    "The permit was issued in another world.",
    "許可証は別のワールドで発行されたものです。",
)
PERMIT_FOR_ANOTHER_PARTY = Reason(
    "PERMIT_FOR_ANOTHER_PARTY",
    "PERMISSION_DENIED",
    "The permit is the copy of another institution, or of the other side.",
    "許可証は別の機関または相手側に宛てたものです。",
)
PERMIT_ALTERED = Reason(
    "PERMIT_ALTERED",
    "PERMISSION_DENIED",
    "What is asked is not what the permit permits.",
    "照会の内容が許可証の内容と一致しません。",
)
PERMIT_NOT_YET_VALID = Reason(
    "PERMIT_NOT_YET_VALID",
    "FAILED_PRECONDITION",
    "The permit is not valid yet.",
    "許可証の有効期間がまだ始まっていません。",
    passing=True,
)
PERMIT_EXPIRED = Reason(
    "PERMIT_EXPIRED",
    "FAILED_PRECONDITION",
    "The permit has expired. Inquire again.",
    "許可証の有効期限が過ぎています。あらためて照会してください。",
)
PERMIT_ALREADY_USED = Reason(
    "PERMIT_ALREADY_USED",
    "FAILED_PRECONDITION",
    "The permit was used before. A permit is good once.",
    "許可証は使用済みです。許可証は一度だけ使用できます。",
)
