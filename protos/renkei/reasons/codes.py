"""Numbering and codes · 付番と符号."""

from renkei.reasons.reason import Reason

PERSON_WITHOUT_INDIVIDUAL_NUMBER = Reason(
    "PERSON_WITHOUT_INDIVIDUAL_NUMBER",
    "FAILED_PRECONDITION",
    "The person has no Individual Number, so no code can be acquired.",
    "個人番号のない者について符号は取得できません。",
)
PERSON_NOT_HELD = Reason(
    "PERSON_NOT_HELD",
    "NOT_FOUND",
    "The register holds no such person.",
    "該当する者は登録されていません。",
)
INDIVIDUAL_NUMBER_HELD_BY_ANOTHER = Reason(
    "INDIVIDUAL_NUMBER_HELD_BY_ANOTHER",
    "ALREADY_EXISTS",
    "Another person already has the new Individual Number.",
    "新しい個人番号はすでに別の者に付されています。",
)
ACQUISITION_NOT_ASKED = Reason(
    "ACQUISITION_NOT_ASKED",
    "NOT_FOUND",
    "No acquisition of a code was asked for this person.",
    "この者について符号の取得は依頼されていません。",
)
SERIAL_NEVER_ISSUED = Reason(
    "SERIAL_NEVER_ISSUED",
    "NOT_FOUND",
    "This processing serial was never issued.",
    "この処理通番は発行されていません。",
)
SERIAL_EXPIRED = Reason(
    "SERIAL_EXPIRED",
    "FAILED_PRECONDITION",
    "This processing serial has expired.",
    "この処理通番は有効期限を過ぎています。",
)
SERIAL_ALREADY_USED = Reason(
    "SERIAL_ALREADY_USED",
    "FAILED_PRECONDITION",
    "This processing serial was used before. A serial is good once.",
    "この処理通番は使用済みです。処理通番は一度だけ使用できます。",
)
SERIAL_OF_ANOTHER_INSTITUTION = Reason(
    "SERIAL_OF_ANOTHER_INSTITUTION",
    "PERMISSION_DENIED",
    "This processing serial belongs to another institution than the one that asks.",
    "この処理通番は依頼元とは別の機関のものです。",
)
NUMBER_HAS_ANOTHER_CODE = Reason(
    "NUMBER_HAS_ANOTHER_CODE",
    "FAILED_PRECONDITION",
    "Another code is bound to this integrated address number. It stays bound: find out with "
    "`renkei audit codes` whose each of the two is.",
    "この団体内統合宛名番号には別の符号が紐付いています。紐付けは変更されません。"
    "`renkei audit codes`で、それぞれ誰の符号かを確認してください。",
)
CODE_HAS_ANOTHER_NUMBER = Reason(
    "CODE_HAS_ANOTHER_NUMBER",
    "ALREADY_EXISTS",
    "This code is bound to another integrated address number. It stays bound there: one person "
    "has two numbers, which `renkei audit codes` shows.",
    "この符号は別の団体内統合宛名番号に紐付いています。紐付けは変更されません。"
    "一人の者に二つの番号があります。`renkei audit codes`で確認してください。",
)
SERIAL_NOT_PENDING = Reason(
    "SERIAL_NOT_PENDING",
    "NOT_FOUND",
    "No acquisition is waiting for this processing serial here.",
    "この処理通番を待つ符号取得はここにはありません。",
)
