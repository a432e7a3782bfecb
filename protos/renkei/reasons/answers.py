"""Sealed answers · 暗号化された回答."""

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

ANSWER_UNSIGNED = Reason(
    "ANSWER_UNSIGNED",
    "PERMISSION_DENIED",
    "The answer bears no signature of its provider.",
    "回答に情報提供者の署名がありません。",
)
ANSWER_SIGNER_UNTRUSTED = Reason(
    "ANSWER_SIGNER_UNTRUSTED",
    "PERMISSION_DENIED",
    "The certificate that signed the answer does not lead to the linkage root, "
    "or was not valid when it signed.",
    "回答に署名した証明書が情報連携のルートにつながらないか、署名時に有効期間外でした。",
)
ANSWER_SIGNER_REVOKED = Reason(
    "ANSWER_SIGNER_REVOKED",
    "PERMISSION_DENIED",
    "The certificate that signed the answer has been revoked.",
    "回答に署名した証明書は失効しています。",
)
ANSWER_SIGNED_BY_ANOTHER = Reason(
    "ANSWER_SIGNED_BY_ANOTHER",
    "PERMISSION_DENIED",
    "The answer was signed by another than the provider that was asked.",
    "回答に署名した者が、照会先の情報提供者ではありません。",
)
ANSWER_SIGNATURE_INVALID = Reason(
    "ANSWER_SIGNATURE_INVALID",
    "PERMISSION_DENIED",
    "The answer is not the one that was signed.",
    "回答が署名されたものと一致しません。",
)
ANSWER_OF_ANOTHER_WORLD = Reason(
    "ANSWER_OF_ANOTHER_WORLD",
    "PERMISSION_DENIED",
    "The answer was signed in another world.",
    "回答は別のワールドで署名されたものです。",
)
ANSWER_UNDER_ANOTHER_PERMIT = Reason(
    "ANSWER_UNDER_ANOTHER_PERMIT",
    "PERMISSION_DENIED",
    "The provider answered under another permit than the inquirer holds.",
    "回答の根拠となった許可証が、照会者の保有する許可証と一致しません。",
)
ANSWER_SEALED_TO_ANOTHER = Reason(
    "ANSWER_SEALED_TO_ANOTHER",
    "PERMISSION_DENIED",
    "The answer was signed for another inquirer or another key.",
    "回答は別の照会者または別の鍵に宛てて署名されたものです。",
)
ANSWER_ALTERED = Reason(
    "ANSWER_ALTERED",
    "PERMISSION_DENIED",
    "What is told of the answer is not what its provider signed.",
    "回答について伝えられた内容が、情報提供者の署名した内容と一致しません。",
)
ANSWER_SIGNED_BEFORE_ASKED = Reason(
    "ANSWER_SIGNED_BEFORE_ASKED",
    "PERMISSION_DENIED",
    "The answer was signed before it was asked for.",
    "回答は照会より前に署名されたものです。",
)
ANSWER_SIGNED_IN_FUTURE = Reason(
    "ANSWER_SIGNED_IN_FUTURE",
    "PERMISSION_DENIED",
    "The answer was signed in the future. The provider's clock is wrong, or the inquirer's.",
    "回答の署名時刻が未来です。情報提供者か照会者の時計が正しくありません。",
)
ANSWER_TIME_IMPOSSIBLE = Reason(
    "ANSWER_TIME_IMPOSSIBLE",
    "INVALID_ARGUMENT",
    "The answer is dated before it was asked for, or in the future of the world's clock.",
    "回答日時が照会より前か、ワールドの時計より未来の日時です。",
)
