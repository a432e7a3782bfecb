"""The form of values · 値の形式."""

from renkei.reasons.reason import Reason

MALFORMED_INDIVIDUAL_NUMBER = Reason(
    "MALFORMED_INDIVIDUAL_NUMBER",
    "INVALID_ARGUMENT",
    "The Individual Number is not twelve ASCII digits.",
    "個人番号が半角数字12桁ではありません。",
)
INDIVIDUAL_NUMBER_CHECK_DIGIT = Reason(
    "INDIVIDUAL_NUMBER_CHECK_DIGIT",
    "INVALID_ARGUMENT",
    "The check digit of the Individual Number is wrong.",
    "個人番号の検査用数字が正しくありません。",
)
MALFORMED_RESIDENT_RECORD_CODE = Reason(
    "MALFORMED_RESIDENT_RECORD_CODE",
    "INVALID_ARGUMENT",
    "The resident record code is not eleven ASCII digits.",
    "住民票コードが半角数字11桁ではありません。",
)
RESIDENT_RECORD_CODE_CHECK_DIGIT = Reason(
    "RESIDENT_RECORD_CODE_CHECK_DIGIT",
    "INVALID_ARGUMENT",
    "The check digit of the resident record code is wrong.",
    "住民票コードの検査数字が正しくありません。",
)
MALFORMED_INSTITUTION = Reason(
    "MALFORMED_INSTITUTION",
    "INVALID_ARGUMENT",
    "The institution is neither a six-digit local government code nor a word in lower case.",
    "機関が6桁の全国地方公共団体コードでも小文字の機関名でもありません。",
)
LOCAL_GOVERNMENT_CODE_CHECK_DIGIT = Reason(
    "LOCAL_GOVERNMENT_CODE_CHECK_DIGIT",
    "INVALID_ARGUMENT",
    "The check digit of the local government code is wrong.",
    "全国地方公共団体コードの検査数字が正しくありません。",
)
MALFORMED_LOCAL_ADDRESS_NUMBER = Reason(
    "MALFORMED_LOCAL_ADDRESS_NUMBER",
    "INVALID_ARGUMENT",
    "The local address number is not fifteen ASCII digits.",
    "宛名番号が半角数字15桁ではありません。",
)
MALFORMED_INTEGRATED_ADDRESS_NUMBER = Reason(
    "MALFORMED_INTEGRATED_ADDRESS_NUMBER",
    "INVALID_ARGUMENT",
    "The integrated address number is not fifteen ASCII digits.",
    "団体内統合宛名番号が半角数字15桁ではありません。",
)
MALFORMED_PROCESSING_SERIAL = Reason(
    "MALFORMED_PROCESSING_SERIAL",
    "INVALID_ARGUMENT",
    "The processing serial is not thirty-two hexadecimal digits in upper case.",
    "処理通番が大文字の16進数32桁ではありません。",
)
MALFORMED_LINKAGE_CODE = Reason(
    "MALFORMED_LINKAGE_CODE",
    "INVALID_ARGUMENT",
    "The linkage code is not thirty-two bytes.",
    "符号が32バイトではありません。",
)
MALFORMED_ATTRIBUTES = Reason(
    "MALFORMED_ATTRIBUTES",
    "INVALID_ARGUMENT",
    "The four attributes are incomplete or out of their form.",
    "基本4情報に不足または形式の誤りがあります。",
)
MALFORMED_MEMORY = Reason(
    "MALFORMED_MEMORY",
    "INVALID_ARGUMENT",
    "A seat's memory is an incarnation of 32 hexadecimal digits and a count from 1 on.",
    "機関の記録の印は、16進数32桁の識別子と1以上の回数で表します。",
)
