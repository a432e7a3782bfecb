"""Operators · 操作者."""

from renkei.reasons.reason import Reason

OPERATOR_SESSION_MISSING = Reason(
    "OPERATOR_SESSION_MISSING",
    "UNAUTHENTICATED",
    "The request brings no operator session. Open one at this terminal.",
    "操作者セッションがありません。この端末でセッションを開始してください。",
)
OPERATOR_SESSION_INVALID = Reason(
    "OPERATOR_SESSION_INVALID",
    "UNAUTHENTICATED",
    "The operator session was not signed by this ward's operator key, or is damaged.",
    "操作者セッションがこの自治体の操作者鍵で署名されていないか、壊れています。",
)
OPERATOR_SESSION_OF_ANOTHER_TERMINAL = Reason(
    "OPERATOR_SESSION_OF_ANOTHER_TERMINAL",
    "UNAUTHENTICATED",
    "The operator session was opened at another terminal or institution.",
    "操作者セッションは別の端末または機関で開始されたものです。",
)
OPERATOR_SESSION_OUT_OF_DATE = Reason(
    "OPERATOR_SESSION_OUT_OF_DATE",
    "UNAUTHENTICATED",
    "The operator session is not valid at this time. Open a new one.",
    "操作者セッションの有効期間外です。新しく開始してください。",
)
OPERATOR_SESSION_ENDED = Reason(
    "OPERATOR_SESSION_ENDED",
    "PERMISSION_DENIED",
    "The operator's session was closed, or the operator may not act any more.",
    "操作者のセッションが閉じられたか、操作者の資格が失われています。",
)
OPERATOR_FACTOR_MISSING = Reason(
    "OPERATOR_FACTOR_MISSING",
    "UNAUTHENTICATED",
    "The operator has not used every factor that this terminal needs, such as biometrics.",
    "この端末で必要な認証の要素（生体認証など）が不足しています。",
)
OPERATOR_SERVICE_UNREACHABLE = Reason(
    "OPERATOR_SERVICE_UNREACHABLE",
    "UNAVAILABLE",
    "The operator service cannot be asked whether the session is still good. Nothing was done.",
    "操作者セッションの有効性を確認できません。処理は行われていません。",
    passing=True,
)
OPERATOR_NOT_AUTHENTICATED = Reason(
    "OPERATOR_NOT_AUTHENTICATED",
    "PERMISSION_DENIED",
    "Operator and password do not fit together, or the operator is not on the roster.",
    "操作者とパスワードが一致しないか、操作者が名簿にありません。",
)
OPERATOR_LOCKED = Reason(
    "OPERATOR_LOCKED",
    "PERMISSION_DENIED",
    "Too many wrong passwords. The administrator must unlock the operator.",
    "パスワードの誤りが続いたため、操作者は利用停止中です。管理者が解除してください。",
)
OPERATOR_UNKNOWN = Reason(
    "OPERATOR_UNKNOWN",
    "NOT_FOUND",
    "The roster has no such operator.",
    "その操作者は名簿にありません。",
)
OPERATOR_NOT_ON_ROSTER = Reason(
    "OPERATOR_NOT_ON_ROSTER",
    "FAILED_PRECONDITION",
    "The operator is not on the roster any more and can be given nothing.",
    "その操作者は名簿から外れているため、権限を付与できません。",
)
OPERATOR_ENROLLED_ALREADY = Reason(
    "OPERATOR_ENROLLED_ALREADY",
    "ALREADY_EXISTS",
    "The roster has an operator of this name already.",
    "同じ名称の操作者がすでに名簿にあります。",
)
MALFORMED_OPERATOR = Reason(
    "MALFORMED_OPERATOR",
    "INVALID_ARGUMENT",
    "The operator's name, password or permission is not of its form.",
    "操作者の名称・パスワード・権限の形式が正しくありません。",
)
PERMISSION_MISSING = Reason(
    "PERMISSION_MISSING",
    "PERMISSION_DENIED",
    "The operator does not have the permission that this needs.",
    "操作者に必要な権限がありません。",
)
APPROVER_RIGHT_MISSING = Reason(
    "APPROVER_RIGHT_MISSING",
    "PERMISSION_DENIED",
    "The operator may not approve what another one proposes.",
    "操作者に承認の権限がありません。",
)
