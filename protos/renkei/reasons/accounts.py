"""A person's view · 本人の閲覧."""

from renkei.reasons.reason import Reason

ACCOUNT_UNKNOWN = Reason(
    "ACCOUNT_UNKNOWN",
    "NOT_FOUND",
    "There is no such account.",
    "そのアカウントはありません。",
)
ACCOUNT_WITHOUT_CODE = Reason(
    "ACCOUNT_WITHOUT_CODE",
    "FAILED_PRECONDITION",
    "The code of this account has not come, or could not be made. Ask how the account stands.",
    "このアカウントの符号は未取得か、取得できませんでした。アカウントの状態を確認してください。",
)
RECORDS_NOT_PROVEN = Reason(
    "RECORDS_NOT_PROVEN",
    "DATA_LOSS",
    "What the information provision network told of its records does not prove itself.",
    "情報提供ネットワークシステムから受け取った記録の真正性を検証できません。",
)
