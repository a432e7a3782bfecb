"""Batch files · ファイル連携."""

from renkei.reasons.reason import Reason

MALFORMED_BATCH_FILE_NAME = Reason(
    "MALFORMED_BATCH_FILE_NAME",
    "INVALID_ARGUMENT",
    "The file's name is not of its form.",
    "ファイル名の形式が正しくありません。",
)
BATCH_FILES_NOT_WHOLE = Reason(
    "BATCH_FILES_NOT_WHOLE",
    "INVALID_ARGUMENT",
    "The numbers of the files that belong together have a gap or a repeat, or are not as many as were told.",
    "分割ファイルの番号に欠番か重複があるか、総数と一致しません。",
)
BATCH_LINE_END = Reason(
    "BATCH_LINE_END",
    "INVALID_ARGUMENT",
    "A line does not end with CRLF, or holds a line end inside.",
    "行末がCRLFではないか、行の途中に改行があります。",
)
BATCH_LINE_TOO_LONG = Reason(
    "BATCH_LINE_TOO_LONG",
    "INVALID_ARGUMENT",
    "A line is longer than its form allows; nothing after it was read.",
    "行の長さが上限を超えています。以降の行は読み取っていません。",
)
BATCH_ENCODING = Reason(
    "BATCH_ENCODING",
    "INVALID_ARGUMENT",
    "The file is not UTF-8 as its form asks for it.",
    "ファイルの文字コードが所定のUTF-8ではありません。",
)
MALFORMED_BATCH_MESSAGE = Reason(
    "MALFORMED_BATCH_MESSAGE",
    "INVALID_ARGUMENT",
    "The file is not XML of its form; nothing after this place was read.",
    "ファイルが所定の形式のXMLではありません。以降は読み取っていません。",
)
BATCH_FIELD_COUNT = Reason(
    "BATCH_FIELD_COUNT",
    "INVALID_ARGUMENT",
    "A line has more or fewer fields than its form.",
    "行の項目数が所定の数と一致しません。",
)
BATCH_FIELD_UNKNOWN = Reason(
    "BATCH_FIELD_UNKNOWN",
    "INVALID_ARGUMENT",
    "A record holds a field that its form does not know.",
    "レコードに規定外の項目が含まれています。",
)
BATCH_FIELD_MISSING = Reason(
    "BATCH_FIELD_MISSING",
    "INVALID_ARGUMENT",
    "A field that must hold something is empty or absent.",
    "必須の項目が空か、存在しません。",
)
BATCH_FIELD_NOT_EMPTY = Reason(
    "BATCH_FIELD_NOT_EMPTY",
    "INVALID_ARGUMENT",
    "A field that must be empty here holds something.",
    "空でなければならない項目に値が入っています。",
)
BATCH_FIELD_LENGTH = Reason(
    "BATCH_FIELD_LENGTH",
    "INVALID_ARGUMENT",
    "A field is longer or shorter than its form.",
    "項目の桁数が所定の桁数と一致しません。",
)
MALFORMED_BATCH_FIELD = Reason(
    "MALFORMED_BATCH_FIELD",
    "INVALID_ARGUMENT",
    "A field is not of its form.",
    "項目の形式が正しくありません。",
)
BATCH_RECORD_REPEATED = Reason(
    "BATCH_RECORD_REPEATED",
    "ALREADY_EXISTS",
    "This record identification number came before in the same run.",
    "このレコード識別番号は同じ処理の中で既に使われています。",
)
SUB_COPIES_ALREADY_PROVIDED = Reason(
    "SUB_COPIES_ALREADY_PROVIDED",
    "FAILED_PRECONDITION",
    "This version of the information was provided before. Register again or register the change.",
    "この版の特定個人情報は提供済みです。再登録または異動として登録してください。",
)
SUB_COPIES_NOT_YET_PROVIDED = Reason(
    "SUB_COPIES_NOT_YET_PROVIDED",
    "FAILED_PRECONDITION",
    "This version of the information was never provided. Register it for the first time.",
    "この版の特定個人情報は未提供です。当初または版改定として登録してください。",
)
MALFORMED_BATCH_RUN = Reason(
    "MALFORMED_BATCH_RUN",
    "INVALID_ARGUMENT",
    "What the run is to hold was not told in its form.",
    "一括処理の内容の指定が正しくありません。",
)
BATCH_RUN_UNKNOWN = Reason(
    "BATCH_RUN_UNKNOWN",
    "NOT_FOUND",
    "The caller has no such run.",
    "指定された一括処理はありません。",
)
BATCH_RUN_CLOSED = Reason(
    "BATCH_RUN_CLOSED",
    "FAILED_PRECONDITION",
    "The run was closed. It takes no more files.",
    "この一括処理は受付を締め切っています。ファイルを追加できません。",
)
BATCH_RUN_UNDER_WAY = Reason(
    "BATCH_RUN_UNDER_WAY",
    "FAILED_PRECONDITION",
    "The run, or another of the same information, has not ended yet. Try again later.",
    "この一括処理、または同じ特定個人情報の一括処理が終了していません。時間をおいて再試行してください。",
    passing=True,
)
BATCH_FILE_NOT_OF_RUN = Reason(
    "BATCH_FILE_NOT_OF_RUN",
    "INVALID_ARGUMENT",
    "By its name the file is none of this run.",
    "ファイル名がこの一括処理のものではありません。",
)
BATCH_FILE_REPEATED = Reason(
    "BATCH_FILE_REPEATED",
    "ALREADY_EXISTS",
    "The run has a file of this name with other content.",
    "同じ名前で内容の異なるファイルが既に登録されています。",
)
BATCH_FILE_UNKNOWN = Reason(
    "BATCH_FILE_UNKNOWN",
    "NOT_FOUND",
    "The run has no file with this number.",
    "この一括処理に指定された番号のファイルはありません。",
)
BATCH_SUB_COPY_REPEATED = Reason(
    "BATCH_SUB_COPY_REPEATED",
    "ALREADY_EXISTS",
    "The run has a sub-copy of this person, information and key already.",
    "同じ処理の中に同じ対象者・特定個人情報・キーの副本が既にあります。",
)
INSTITUTION_CODE_UNKNOWN = Reason(
    "INSTITUTION_CODE_UNKNOWN",
    "INVALID_ARGUMENT",
    "No institution is known by this code of sixteen digits.",
    "指定された機関コードに該当する機関がありません。",
)
