"""Identity information on the resident-register network · 本人確認情報."""

from renkei.reasons.reason import Reason

MALFORMED_DAY = Reason(
    "MALFORMED_DAY",
    "INVALID_ARGUMENT",
    "The day is not of its form: a day of its era, or one of which the unknown parts are 0 and "
    "words stand in their place.",
    "年月日の形式に誤りがあります（元号の範囲内の日であるか、不明な部分を0とし不詳表記を付けてください）。",
)
DAY_NOT_OF_CALENDAR = Reason(
    "DAY_NOT_OF_CALENDAR",
    "INVALID_ARGUMENT",
    "This item takes a day of the calendar alone: neither an unknown one nor 29 February of a common "
    "year.",
    "この項目には暦上の日だけを指定できます（不詳や平年の2月29日は指定できません）。",
)
TEXT_TOO_LONG = Reason(
    "TEXT_TOO_LONG",
    "INVALID_ARGUMENT",
    "The text is longer than the item takes.",
    "文字数が項目の上限を超えています。",
)
CHARACTER_NOT_ALLOWED = Reason(
    "CHARACTER_NOT_ALLOWED",
    "INVALID_ARGUMENT",
    "The text holds a character, or a space, that is not written there.",
    "使用できない文字または空白が含まれています。",
)
UNREGISTERED_CHARACTERS_MISCOUNTED = Reason(
    "UNREGISTERED_CHARACTERS_MISCOUNTED",
    "INVALID_ARGUMENT",
    "The count of unregistered characters is not how many the text holds.",
    "外字数が本文中の外字の数と一致しません。",
)
MALFORMED_TOWN_CODE = Reason(
    "MALFORMED_TOWN_CODE",
    "INVALID_ARGUMENT",
    "The town code is not seven ASCII digits.",
    "町字コードが半角数字7桁ではありません。",
)
MALFORMED_POSTAL_CODE = Reason(
    "MALFORMED_POSTAL_CODE",
    "INVALID_ARGUMENT",
    "The postal code is not seven ASCII digits.",
    "郵便番号が半角数字7桁ではありません。",
)
MALFORMED_SEQUENCE = Reason(
    "MALFORMED_SEQUENCE",
    "INVALID_ARGUMENT",
    "The sequence is not a number from 1 on, or what it supersedes does not come before it.",
    "更新順番号が1以上の番号でないか、置き換える番号がそれより前ではありません。",
)
ITEMS_AT_FAULT = Reason(
    "ITEMS_AT_FAULT",
    "INVALID_ARGUMENT",
    "Several items are at fault; the fields name them.",
    "複数の項目に誤りがあります。該当する項目を確認してください。",
)
SEQUENCE_NOT_EXPECTED = Reason(
    "SEQUENCE_NOT_EXPECTED",
    "FAILED_PRECONDITION",
    "The notification is not the next one of this person: the expected sequence is told.",
    "更新順番号がこの方について次に期待される番号ではありません。期待される番号を確認してください。",
)
ORIGIN_NOT_OF_SENDER = Reason(
    "ORIGIN_NOT_OF_SENDER",
    "PERMISSION_DENIED",
    "The municipality of origin is not the sender, nor does it lie in the sender's prefecture.",
    "発生元の市区町村が送信者自身でも送信者の都道府県内の市区町村でもありません。",
)
REASON_NOT_FOR_NETWORK = Reason(
    "REASON_NOT_FOR_NETWORK",
    "INVALID_ARGUMENT",
    "A change with this reason is of the household alone and does not reach the resident-register "
    "network.",
    "この異動事由は世帯だけに関する異動であり、住基ネットには通知しません。",
)
CHANGE_IN_THE_FUTURE = Reason(
    "CHANGE_IN_THE_FUTURE",
    "FAILED_PRECONDITION",
    "The day of the change lies ahead; only a moving-out may be planned.",
    "異動年月日が未来の日です。予定日を指定できるのは転出だけです。",
)
RESIDENT_ALREADY = Reason(
    "RESIDENT_ALREADY",
    "FAILED_PRECONDITION",
    "This person is a current resident here: nobody is entered twice.",
    "この方は現に住民として記載されています。重ねて記載することはできません。",
)
RESIDENT_NO_MORE = Reason(
    "RESIDENT_NO_MORE",
    "FAILED_PRECONDITION",
    "This person was removed: only a correction by the office itself may touch the record.",
    "この方は既に消除されています。職権による修正のほかは行えません。",
)
RESIDENT_RECORD_CODE_NOT_HELD = Reason(
    "RESIDENT_RECORD_CODE_NOT_HELD",
    "NOT_FOUND",
    "Nobody here has this resident record code; only an entry may bring a new one.",
    "この住民票コードの方は登録されていません。新たな住民票コードは記載の場合だけ受け付けます。",
)
RESIDENT_RECORD_CODE_HELD = Reason(
    "RESIDENT_RECORD_CODE_HELD",
    "FAILED_PRECONDITION",
    "Somebody has this resident record code already.",
    "この住民票コードは既に使用されています。",
)
RESIDENT_RECORD_CODE_UNCHANGED = Reason(
    "RESIDENT_RECORD_CODE_UNCHANGED",
    "INVALID_ARGUMENT",
    "The old and the new resident record code are the same.",
    "変更前と変更後の住民票コードが同じです。",
)
INDIVIDUAL_NUMBER_NOT_THE_PERSONS = Reason(
    "INDIVIDUAL_NUMBER_NOT_THE_PERSONS",
    "FAILED_PRECONDITION",
    "The Individual Number is not that of this resident record code, or the previous one is not told "
    "rightly.",
    "個人番号がこの住民票コードに対応していないか、変更前の個人番号が正しくありません。",
)
OTHER_ITEMS_CHANGED = Reason(
    "OTHER_ITEMS_CHANGED",
    "FAILED_PRECONDITION",
    "A move within the municipality changes the address and what follows from it, and nothing else.",
    "転居では住所とこれに伴う項目のほかは変更できません。",
)
CHANGE_INFORMATION_AT_FAULT = Reason(
    "CHANGE_INFORMATION_AT_FAULT",
    "INVALID_ARGUMENT",
    "The reason wants a previous code or number that is not told, or one is told that it does not want.",
    "異動事由に必要な変更前の番号がないか、不要な変更前の番号が指定されています。",
)
NOTIFICATION_STOPPED = Reason(
    "NOTIFICATION_STOPPED",
    "FAILED_PRECONDITION",
    "An earlier notification of this person was refused: none goes on until one comes in its place.",
    "この方の前の通知が拒否されているため、それに代わる通知が届くまで先へ進みません。",
)
NOTIFICATION_LOST = Reason(
    "NOTIFICATION_LOST",
    "FAILED_PRECONDITION",
    "A seat on the way was set back and has this notification no more: send it again as the person is "
    "now, and it stands for all before it.",
    "経路上の機関が過去の状態に復元され、この通知が失われました。現在の内容で再送してください（以前の通知すべてに代わります）。",
)
NOT_AN_ENTRY = Reason(
    "NOT_AN_ENTRY",
    "INVALID_ARGUMENT",
    "The reason is none for which somebody is entered.",
    "異動事由が記載の事由ではありません。",
)
AN_ENTRY = Reason(
    "AN_ENTRY",
    "INVALID_ARGUMENT",
    "The reason is one for which somebody is entered, not for which a record changes.",
    "異動事由が記載の事由です。修正または消除の事由を指定してください。",
)
LOCAL_ADDRESS_NUMBER_HELD = Reason(
    "LOCAL_ADDRESS_NUMBER_HELD",
    "FAILED_PRECONDITION",
    "Somebody else has this local address number.",
    "この宛名番号は別の方に使用されています。",
)
NOTHING_NOTIFIED = Reason(
    "NOTHING_NOTIFIED",
    "NOT_FOUND",
    "Nothing of this person was told the resident-register network from here.",
    "この方について住基ネットに通知したものはありません。",
)
MALFORMED_HOUSEHOLD = Reason(
    "MALFORMED_HOUSEHOLD",
    "INVALID_ARGUMENT",
    "The household is not told by its number of fifteen digits, its head and the relationship.",
    "世帯番号（15桁）、世帯主の氏名または続柄に不足または誤りがあります。",
)
MANAGER_PERMISSION_MISSING = Reason(
    "MANAGER_PERMISSION_MISSING",
    "FAILED_PRECONDITION",
    "Nobody has permitted this correction. Send it again once the responsible manager has.",
    "この修正は許可されていません。本人確認情報管理責任者の許可を得てから再送してください。",
)
MANAGER_PERMISSION_USED = Reason(
    "MANAGER_PERMISSION_USED",
    "FAILED_PRECONDITION",
    "The permission was used by another correction. Each is used once.",
    "許可は別の修正に使用済みです。許可は一回に限り有効です。",
)
APPROVER_IS_ENTERER = Reason(
    "APPROVER_IS_ENTERER",
    "PERMISSION_DENIED",
    "Nobody approves what they have entered themselves.",
    "入力した本人が承認することはできません。",
)
APPROVAL_UNKNOWN = Reason(
    "APPROVAL_UNKNOWN",
    "NOT_FOUND",
    "There is no such permission.",
    "該当する許可がありません。",
)
CORRECTION_APPROVED_ALREADY = Reason(
    "CORRECTION_APPROVED_ALREADY",
    "ALREADY_EXISTS",
    "Such a correction of this person is permitted already, and the permission is not used yet.",
    "この方の同じ事由の修正は許可済みで、まだ使用されていません。",
)
NOT_A_CORRECTION = Reason(
    "NOT_A_CORRECTION",
    "INVALID_ARGUMENT",
    "The reason is none for which somebody has to permit a correction.",
    "異動事由が許可を要する修正の事由ではありません。",
)
PROVISIONAL_ENTRY_PENDING = Reason(
    "PROVISIONAL_ENTRY_PENDING",
    "ALREADY_EXISTS",
    "A provisional entry of this person waits for a decision already.",
    "この方の仮登録がすでに承認待ちです。",
)
ENTRY_NOT_PROVISIONAL = Reason(
    "ENTRY_NOT_PROVISIONAL",
    "NOT_FOUND",
    "No such provisional entry waits for a decision: there is none, or it was decided already.",
    "該当する承認待ちの仮登録がありません（存在しないか、決定済みです）。",
)
ENTRY_OVERTAKEN = Reason(
    "ENTRY_OVERTAKEN",
    "FAILED_PRECONDITION",
    "The record has changed since this was entered. Reject it, and enter it anew.",
    "入力後に住民票が変更されています。仮登録を却下して入力し直してください。",
)
BUCKET_UNKNOWN = Reason(
    "BUCKET_UNKNOWN",
    "INVALID_ARGUMENT",
    "There is no such bucket: their numbers are 0 to 4095.",
    "指定した区分番号は存在しません（0から4095までを指定してください）。",
)
CONSISTENCY_PEER_NOT_HERE = Reason(
    "CONSISTENCY_PEER_NOT_HERE",
    "INVALID_ARGUMENT",
    "This seat does not compare its file with that one, or it is named twice.",
    "この相手との整合はここでは行いません。または同じ相手が重ねて指定されています。",
)
CONSISTENCY_CHECK_UNDER_WAY = Reason(
    "CONSISTENCY_CHECK_UNDER_WAY",
    "FAILED_PRECONDITION",
    "A consistency check is under way here: another can be started once it has ended.",
    "整合を実施中です。終了してから改めて開始してください。",
)
NO_CONSISTENCY_CHECK = Reason(
    "NO_CONSISTENCY_CHECK",
    "NOT_FOUND",
    "No consistency check was made here, or its report was kept long enough.",
    "整合の結果はありません（未実施であるか、保存期間が過ぎました）。",
)
