"""Sealed answers."""

from renkei.reasons.reason import Reason

PUBLISHED_KEYS_UNTRUSTED = Reason(
    "PUBLISHED_KEYS_UNTRUSTED",
    "FAILED_PRECONDITION",
    "The certificate that signed the organisation's keys does not lead to the linkage root, "
    "or is not valid at this time.",
    "団体の公開鍵に署名した証明書が情報連携のルートにつながらないか、有効期間外です。",
    passing=True,
)
PUBLISHED_KEYS_REVOKED = Reason(
    "PUBLISHED_KEYS_REVOKED",
    "FAILED_PRECONDITION",
    "The certificate that signed the organisation's keys has been revoked.",
    "団体の公開鍵に署名した証明書は失効しています。",
    passing=True,
)
PUBLISHED_KEYS_OF_ANOTHER = Reason(
    "PUBLISHED_KEYS_OF_ANOTHER",
    "FAILED_PRECONDITION",
    "The keys are those of another organisation, or were signed by one that may not sign them.",
    "公開鍵が別の団体のものか、署名する資格のない者によって署名されています。",
    passing=True,
)
PUBLISHED_KEYS_SIGNATURE_INVALID = Reason(
    "PUBLISHED_KEYS_SIGNATURE_INVALID",
    "FAILED_PRECONDITION",
    "The keys are not those that the organisation signed.",
    "公開鍵が団体の署名したものと一致しません。",
    passing=True,
)
PUBLISHED_KEYS_MALFORMED = Reason(
    "PUBLISHED_KEYS_MALFORMED",
    "FAILED_PRECONDITION",
    "The organisation's record of keys is not of its form.",
    "団体の公開鍵の登録内容の形式が正しくありません。",
    passing=True,
)
PUBLISHED_KEYS_OUT_OF_DATE = Reason(
    "PUBLISHED_KEYS_OUT_OF_DATE",
    "FAILED_PRECONDITION",
    "The organisation's record of keys is not valid at this time. It must publish a new one.",
    "団体の公開鍵の登録が有効期間外です。団体が新しく公開する必要があります。",
    passing=True,
)
PUBLISHED_KEYS_SUPERSEDED = Reason(
    "PUBLISHED_KEYS_SUPERSEDED",
    "FAILED_PRECONDITION",
    "The organisation has published newer keys than these.",
    "団体はこれより新しい公開鍵を公開しています。",
    passing=True,
)
NO_SUITE_IN_COMMON = Reason(
    "NO_SUITE_IN_COMMON",
    "FAILED_PRECONDITION",
    "The organisation allows no way of sealing that is known here.",
    "団体が認める暗号方式のうち、ここで利用できるものがありません。",
    passing=True,
)
ANSWER_OF_ANOTHER_EXCHANGE = Reason(
    "ANSWER_OF_ANOTHER_EXCHANGE",
    "PERMISSION_DENIED",
    "The sealed answer belongs to another exchange.",
    "暗号化された回答は別の情報提供のものです。",
)
ANSWER_KEY_UNKNOWN = Reason(
    "ANSWER_KEY_UNKNOWN",
    "FAILED_PRECONDITION",
    "The answer is sealed to a key that this organisation does not hold.",
    "回答がこの団体の保有しない鍵で暗号化されています。",
)
ANSWER_NOT_OPENED = Reason(
    "ANSWER_NOT_OPENED",
    "INVALID_ARGUMENT",
    "The answer cannot be opened: it is damaged, or was sealed for other parties.",
    "回答を復号できません。壊れているか、別の当事者に宛てたものです。",
)
