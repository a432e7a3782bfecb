"""Searching identity information · 本人確認情報の検索・照会."""

from renkei.reasons.reason import Reason

SEARCH_WITHOUT_CRITERIA = Reason(
    "SEARCH_WITHOUT_CRITERIA",
    "INVALID_ARGUMENT",
    "Nothing is told of the person: give a code, a number, or the name with the address or the birth "
    "date.",
    "検索条件がありません。住民票コード、個人番号、または氏名と住所もしくは生年月日を指定してください。",
)
SEARCH_BY_NAME_ALONE = Reason(
    "SEARCH_BY_NAME_ALONE",
    "INVALID_ARGUMENT",
    "Nobody is searched by the name alone: give the address or the birth date with it.",
    "氏名だけでは検索できません。住所または生年月日を併せて指定してください。",
)
SEARCH_BY_NAME_AND_SEX = Reason(
    "SEARCH_BY_NAME_AND_SEX",
    "INVALID_ARGUMENT",
    "The sex does not count: give the address or the birth date with the name.",
    "性別は検索条件に数えません。氏名と併せて住所または生年月日を指定してください。",
)
SEARCH_WITHOUT_NAME = Reason(
    "SEARCH_WITHOUT_NAME",
    "INVALID_ARGUMENT",
    "Nobody is searched by attributes without the name.",
    "氏名を含まない条件では検索できません。",
)
TOO_MANY_FOUND = Reason(
    "TOO_MANY_FOUND",
    "FAILED_PRECONDITION",
    "More persons fit than are told at once, and none is told: narrow the search, or have a bulk output "
    "approved.",
    "該当者が一度に回答できる件数を超えたため、回答しません。条件を絞り込むか、大量出力の承認を受けてください。",
)
AFFAIR_NOT_LISTED = Reason(
    "AFFAIR_NOT_LISTED",
    "PERMISSION_DENIED",
    "The affair is none for which this institution is told identity information.",
    "この機関が本人確認情報の提供を受けられる事務ではありません。",
)
MALFORMED_CASE_REFERENCE = Reason(
    "MALFORMED_CASE_REFERENCE",
    "INVALID_ARGUMENT",
    "The case reference is not of at most forty printable ASCII characters without a space.",
    "事案の参照番号が半角の印字可能文字40字以内（空白を除く）ではありません。",
)
BULK_OUTPUT_UNKNOWN = Reason(
    "BULK_OUTPUT_UNKNOWN",
    "NOT_FOUND",
    "No such bulk output was asked for here.",
    "該当する大量出力の申請がありません。",
)
BULK_OUTPUT_NOT_APPROVED = Reason(
    "BULK_OUTPUT_NOT_APPROVED",
    "FAILED_PRECONDITION",
    "No manager has approved the bulk output yet.",
    "大量出力が管理責任者に承認されていません。",
)
BULK_OUTPUT_APPROVED_ALREADY = Reason(
    "BULK_OUTPUT_APPROVED_ALREADY",
    "FAILED_PRECONDITION",
    "The bulk output is approved already.",
    "この大量出力は承認済みです。",
)
BULK_OUTPUT_USED = Reason(
    "BULK_OUTPUT_USED",
    "FAILED_PRECONDITION",
    "The approval was used: each page is put out once, one after the other. Ask for another output.",
    "承認は使用済みです。各ページは順に一度だけ出力できます。改めて申請してください。",
)
BULK_OUTPUT_EXPIRED = Reason(
    "BULK_OUTPUT_EXPIRED",
    "FAILED_PRECONDITION",
    "The term of the bulk output is over. Ask for another one.",
    "大量出力の期限が過ぎています。改めて申請してください。",
)
BULK_OUTPUT_OF_ANOTHER = Reason(
    "BULK_OUTPUT_OF_ANOTHER",
    "PERMISSION_DENIED",
    "Another operator asked for this bulk output: whoever asks for one fetches it.",
    "この大量出力は別の操作者が申請したものです。出力できるのは申請した操作者だけです。",
)
APPROVER_IS_REQUESTER = Reason(
    "APPROVER_IS_REQUESTER",
    "PERMISSION_DENIED",
    "Nobody approves what they have asked for themselves.",
    "申請した本人が承認することはできません。",
)
DAYS_OUT_OF_ORDER = Reason(
    "DAYS_OUT_OF_ORDER",
    "INVALID_ARGUMENT",
    "The last day lies before the first.",
    "終わりの日が始めの日より前です。",
)
PERIOD_TOO_LONG = Reason(
    "PERIOD_TOO_LONG",
    "INVALID_ARGUMENT",
    "At most 366 days are counted at once.",
    "一度に集計できるのは366日までです。",
)
