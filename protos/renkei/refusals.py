"""The one error type: why something was refused, in words for the caller.

A rule raises `Refusal`; the door alone makes a gRPC status of it and a client's
channel alone turns the status back. No text here or in a `detail` ever holds a
personal value.
"""

from dataclasses import dataclass
from enum import Enum

DOMAIN = "renkei"
"""The domain of every `google.rpc.ErrorInfo` that a Renkei server sends."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """How a reason is told: its gRPC status code by name, and a sentence in each language.

    `passing` is true where the same request may succeed later without a change
    to it: an outage, a certificate or a session to be renewed. It is false where
    the request itself is wrong.
    """

    status: str
    english: str
    japanese: str
    passing: bool = False


class Reason(Enum):
    """Every reason for which a request is refused; its name is what goes on the wire."""

    # Who is calling (the door)
    TLS_TOO_OLD = Sentence(
        "UNAUTHENTICATED",
        "The connection is older than TLS 1.3. Connect with TLS 1.3.",
        "TLS 1.3より古い接続です。TLS 1.3で接続してください。",
        passing=True,
    )
    CALLER_UNIDENTIFIED = Sentence(
        "UNAUTHENTICATED",
        "The client certificate does not hold exactly one identity of the expected form. "
        "Use a certificate with one SPIFFE URI.",
        "クライアント証明書に所定の形式の識別子がちょうど一つ含まれていません。"
        "SPIFFE URIを一つ持つ証明書を使ってください。",
        passing=True,
    )
    CALLER_OF_ANOTHER_DOMAIN = Sentence(
        "UNAUTHENTICATED",
        "The certificate belongs to another trust domain than this listener.",
        "証明書がこの接続口とは別の信頼ドメインのものです。",
        passing=True,
    )
    CALLER_REVOKED = Sentence(
        "UNAUTHENTICATED",
        "The client certificate has been revoked. Ask for a new one.",
        "クライアント証明書は失効しています。新しい証明書を取得してください。",
        passing=True,
    )
    CALLER_OUT_OF_DATE = Sentence(
        "UNAUTHENTICATED",
        "The client certificate is not valid at this time. Ask for a new one.",
        "クライアント証明書の有効期間外です。新しい証明書を取得してください。",
        passing=True,
    )
    REVOCATION_UNKNOWN = Sentence(
        "UNAVAILABLE",
        "Whether the certificate has been revoked cannot be judged now. Try again later.",
        "証明書の失効の有無を現在確認できません。時間をおいて再試行してください。",
        passing=True,
    )
    CALLER_NOT_ADMITTED = Sentence(
        "PERMISSION_DENIED",
        "This caller may not call this method.",
        "この呼出元にはこのメソッドの呼出しが許可されていません。",
        passing=True,
    )
    METHOD_UNKNOWN = Sentence(
        "UNIMPLEMENTED",
        "This server has no such method. Its services can be listed by reflection.",
        "このサーバーにその名前のメソッドはありません。"
        "リフレクションでサービスの一覧を確認できます。",
    )
    SENDER_IS_NOT_CALLER = Sentence(
        "PERMISSION_DENIED",
        "The sender field does not name the institution of the client certificate.",
        "送信者の項目がクライアント証明書の機関と一致しません。",
    )

    # Certificates that are asked for
    CSR_INVALID = Sentence(
        "INVALID_ARGUMENT",
        "The certificate signing request cannot be read, or was not signed by its own key.",
        "証明書署名要求が読めないか、その鍵自身で署名されていません。",
    )
    CSR_KEY_UNFIT = Sentence(
        "INVALID_ARGUMENT",
        "The key of the certificate signing request is not ECDSA P-256.",
        "証明書署名要求の鍵がECDSA P-256ではありません。",
    )
    IDENTITY_OF_ANOTHER_DOMAIN = Sentence(
        "INVALID_ARGUMENT",
        "The identity belongs to another trust domain than the authority's.",
        "識別子が認証局とは別の信頼ドメインのものです。",
    )

    # The form of a request (the door)
    BATCH_TOO_LARGE = Sentence(
        "INVALID_ARGUMENT",
        "The batch holds more requests than this server takes at once. Send less at a time.",
        "一括要求の件数が上限を超えています。分割して送信してください。",
    )
    MESSAGE_TOO_LARGE = Sentence(
        "RESOURCE_EXHAUSTED",
        "The message is larger than this server takes. Send less at a time.",
        "メッセージがこのサーバーの上限を超えています。分割して送ってください。",
    )
    MALFORMED_MESSAGE = Sentence(
        "INVALID_ARGUMENT",
        "The bytes are not a message of the method's request type.",
        "受信したデータがこのメソッドの要求メッセージとして解釈できません。",
    )
    UNKNOWN_FIELD = Sentence(
        "INVALID_ARGUMENT",
        "The message holds a field outside the contract; this service takes the listed items only.",
        "規定外の項目が含まれています。このサービスは所定の項目だけを受け付けます。",
    )
    UNKNOWN_ENUM_NUMBER = Sentence(
        "INVALID_ARGUMENT",
        "An enum field holds a number outside the contract.",
        "列挙型の項目に規定外の番号が入っています。",
    )
    MALFORMED_REQUEST_ID = Sentence(
        "INVALID_ARGUMENT",
        "The request id is not a UUID in its usual form of 36 characters in lower case.",
        "要求IDが通常の形式（小文字36文字）のUUIDではありません。",
    )
    REQUEST_ID_REUSED = Sentence(
        "ALREADY_EXISTS",
        "This request id was used before with other content. Make a new one.",
        "この要求IDは別の内容で使用済みです。新しいIDを発行してください。",
    )
    FIELD_MISSING = Sentence(
        "INVALID_ARGUMENT",
        "A field that must be set is absent.",
        "必須の項目がありません。",
    )

    # The form of values
    MALFORMED_INDIVIDUAL_NUMBER = Sentence(
        "INVALID_ARGUMENT",
        "The Individual Number is not twelve ASCII digits.",
        "個人番号が半角数字12桁ではありません。",
    )
    INDIVIDUAL_NUMBER_CHECK_DIGIT = Sentence(
        "INVALID_ARGUMENT",
        "The check digit of the Individual Number is wrong.",
        "個人番号の検査用数字が正しくありません。",
    )
    MALFORMED_RESIDENT_RECORD_CODE = Sentence(
        "INVALID_ARGUMENT",
        "The resident record code is not eleven ASCII digits.",
        "住民票コードが半角数字11桁ではありません。",
    )
    RESIDENT_RECORD_CODE_CHECK_DIGIT = Sentence(
        "INVALID_ARGUMENT",
        "The check digit of the resident record code is wrong.",
        "住民票コードの検査数字が正しくありません。",
    )
    MALFORMED_INSTITUTION = Sentence(
        "INVALID_ARGUMENT",
        "The institution is neither a six-digit local government code nor a word in lower case.",
        "機関が6桁の全国地方公共団体コードでも小文字の機関名でもありません。",
    )
    LOCAL_GOVERNMENT_CODE_CHECK_DIGIT = Sentence(
        "INVALID_ARGUMENT",
        "The check digit of the local government code is wrong.",
        "全国地方公共団体コードの検査数字が正しくありません。",
    )
    MALFORMED_LOCAL_ADDRESS_NUMBER = Sentence(
        "INVALID_ARGUMENT",
        "The local address number is not fifteen ASCII digits.",
        "宛名番号が半角数字15桁ではありません。",
    )
    MALFORMED_INTEGRATED_ADDRESS_NUMBER = Sentence(
        "INVALID_ARGUMENT",
        "The integrated address number is not fifteen ASCII digits.",
        "団体内統合宛名番号が半角数字15桁ではありません。",
    )
    MALFORMED_PROCESSING_SERIAL = Sentence(
        "INVALID_ARGUMENT",
        "The processing serial is not thirty-two hexadecimal digits in upper case.",
        "処理通番が大文字の16進数32桁ではありません。",
    )
    MALFORMED_LINKAGE_CODE = Sentence(
        "INVALID_ARGUMENT",
        "The linkage code is not thirty-two bytes.",
        "符号が32バイトではありません。",
    )
    MALFORMED_ATTRIBUTES = Sentence(
        "INVALID_ARGUMENT",
        "The four attributes are incomplete or out of their form.",
        "基本4情報に不足または形式の誤りがあります。",
    )

    # Operators
    OPERATOR_SESSION_MISSING = Sentence(
        "UNAUTHENTICATED",
        "The request brings no operator session. Open one at this terminal.",
        "操作者セッションがありません。この端末でセッションを開始してください。",
    )
    OPERATOR_SESSION_INVALID = Sentence(
        "UNAUTHENTICATED",
        "The operator session was not signed by this ward's operator key, or is damaged.",
        "操作者セッションがこの自治体の操作者鍵で署名されていないか、壊れています。",
    )
    OPERATOR_SESSION_OF_ANOTHER_TERMINAL = Sentence(
        "UNAUTHENTICATED",
        "The operator session was opened at another terminal or institution.",
        "操作者セッションは別の端末または機関で開始されたものです。",
    )
    OPERATOR_SESSION_OUT_OF_DATE = Sentence(
        "UNAUTHENTICATED",
        "The operator session is not valid at this time. Open a new one.",
        "操作者セッションの有効期間外です。新しく開始してください。",
    )
    OPERATOR_SESSION_ENDED = Sentence(
        "PERMISSION_DENIED",
        "The operator's session was closed, or the operator may not act any more.",
        "操作者のセッションが閉じられたか、操作者の資格が失われています。",
    )
    OPERATOR_NOT_AUTHENTICATED = Sentence(
        "PERMISSION_DENIED",
        "Operator and password do not fit together, or the operator is not on the roster.",
        "操作者とパスワードが一致しないか、操作者が名簿にありません。",
    )
    OPERATOR_LOCKED = Sentence(
        "PERMISSION_DENIED",
        "Too many wrong passwords. The administrator must unlock the operator.",
        "パスワードの誤りが続いたため、操作者は利用停止中です。管理者が解除してください。",
    )
    OPERATOR_UNKNOWN = Sentence(
        "NOT_FOUND",
        "The roster has no such operator.",
        "その操作者は名簿にありません。",
    )
    OPERATOR_ENROLLED_ALREADY = Sentence(
        "ALREADY_EXISTS",
        "The roster has an operator of this name already.",
        "同じ名称の操作者がすでに名簿にあります。",
    )
    MALFORMED_OPERATOR = Sentence(
        "INVALID_ARGUMENT",
        "The operator's name, password or permission is not of its form.",
        "操作者の名称・パスワード・権限の形式が正しくありません。",
    )
    PERMISSION_MISSING = Sentence(
        "PERMISSION_DENIED",
        "The operator does not have the permission that this needs.",
        "操作者に必要な権限がありません。",
    )

    # Numbering and codes
    PERSON_WITHOUT_INDIVIDUAL_NUMBER = Sentence(
        "FAILED_PRECONDITION",
        "The person has no Individual Number, so no code can be acquired.",
        "個人番号のない者について符号は取得できません。",
    )
    PERSON_NOT_HELD = Sentence(
        "NOT_FOUND",
        "The register holds no such person.",
        "該当する者は登録されていません。",
    )
    INDIVIDUAL_NUMBER_HELD_BY_ANOTHER = Sentence(
        "ALREADY_EXISTS",
        "Another person already has the new Individual Number.",
        "新しい個人番号はすでに別の者に付されています。",
    )
    ACQUISITION_NOT_ASKED = Sentence(
        "NOT_FOUND",
        "No acquisition of a code was asked for this person.",
        "この者について符号の取得は依頼されていません。",
    )
    SERIAL_NEVER_ISSUED = Sentence(
        "NOT_FOUND",
        "This processing serial was never issued.",
        "この処理通番は発行されていません。",
    )
    SERIAL_EXPIRED = Sentence(
        "FAILED_PRECONDITION",
        "This processing serial has expired.",
        "この処理通番は有効期限を過ぎています。",
    )
    SERIAL_ALREADY_USED = Sentence(
        "FAILED_PRECONDITION",
        "This processing serial was used before. A serial is good once.",
        "この処理通番は使用済みです。処理通番は一度だけ使用できます。",
    )
    SERIAL_OF_ANOTHER_INSTITUTION = Sentence(
        "PERMISSION_DENIED",
        "This processing serial belongs to another institution than the one that asks.",
        "この処理通番は依頼元とは別の機関のものです。",
    )
    SERIAL_NOT_PENDING = Sentence(
        "NOT_FOUND",
        "No acquisition is waiting for this processing serial here.",
        "この処理通番を待つ符号取得はここにはありません。",
    )

    # Sub-copies
    MALFORMED_SUB_COPY = Sentence(
        "INVALID_ARGUMENT",
        "A part of the sub-copy is not of its form.",
        "副本の項目の形式が正しくありません。",
    )
    INFORMATION_UNKNOWN = Sentence(
        "INVALID_ARGUMENT",
        "No layout is known for this specific personal information.",
        "この特定個人情報名のレイアウトは登録されていません。",
    )
    LAYOUT_VERSION_UNKNOWN = Sentence(
        "INVALID_ARGUMENT",
        "The layout of this information has no such version.",
        "この特定個人情報名のレイアウトにその版はありません。",
    )
    LAYOUT_NOT_VALID = Sentence(
        "FAILED_PRECONDITION",
        "This version of the layout does not hold on this day.",
        "このレイアウトの版は本日有効ではありません。",
    )
    ITEM_OUTSIDE_LAYOUT = Sentence(
        "INVALID_ARGUMENT",
        "The sub-copy holds an item that its layout does not know.",
        "レイアウトにない項目が副本に含まれています。",
    )
    ITEM_MISSING = Sentence(
        "INVALID_ARGUMENT",
        "An item that the layout requires is absent.",
        "レイアウトで必須とされる項目がありません。",
    )
    ITEM_NOT_NULLABLE = Sentence(
        "INVALID_ARGUMENT",
        "The item may not be without a value for this reason.",
        "この項目はこの理由で空値とすることができません。",
    )
    ITEM_NULL_WITHOUT_REASON = Sentence(
        "INVALID_ARGUMENT",
        "An item without a value does not say why, or gives a reason that does not exist.",
        "空値の項目に未設定事由がないか、存在しない事由です。",
    )
    ITEM_TOO_LONG = Sentence(
        "INVALID_ARGUMENT",
        "The item's value is longer than its layout allows.",
        "項目の値がレイアウトの桁数を超えています。",
    )
    ITEM_MALFORMED = Sentence(
        "INVALID_ARGUMENT",
        "The item's value is not of the form that its layout gives.",
        "項目の値がレイアウトの形式と一致しません。",
    )
    SUB_COPY_NOT_HELD = Sentence(
        "NOT_FOUND",
        "No sub-copy is held under this person, information and record key.",
        "この対象者・特定個人情報名・レコードキーの副本は登録されていません。",
    )
    ORGANISATION_KEY_MISSING = Sentence(
        "FAILED_PRECONDITION",
        "The organisation has no key for its sub-copies, or it was destroyed.",
        "団体の副本用の鍵がないか、破棄されています。",
        passing=True,
    )
    REWRAPPING_UNDER_WAY = Sentence(
        "FAILED_PRECONDITION",
        "The keys were rotated before and sub-copies are still being wrapped anew. Wait until that has ended.",
        "前回の鍵更新に伴う再暗号化が進行中です。完了してから実行してください。",
        passing=True,
    )
    KEY_STORE_LOCKED = Sentence(
        "UNAVAILABLE",
        "The key store cannot be used now. Try again later.",
        "鍵管理装置を現在利用できません。時間をおいて再試行してください。",
        passing=True,
    )

    # Batch files
    MALFORMED_BATCH_FILE_NAME = Sentence(
        "INVALID_ARGUMENT",
        "The file's name is not of its form.",
        "ファイル名の形式が正しくありません。",
    )
    BATCH_FILES_NOT_WHOLE = Sentence(
        "INVALID_ARGUMENT",
        "The numbers of the files that belong together have a gap or a repeat, or are not as many as were told.",
        "分割ファイルの番号に欠番か重複があるか、総数と一致しません。",
    )
    BATCH_LINE_END = Sentence(
        "INVALID_ARGUMENT",
        "A line does not end with CRLF, or holds a line end inside.",
        "行末がCRLFではないか、行の途中に改行があります。",
    )
    BATCH_LINE_TOO_LONG = Sentence(
        "INVALID_ARGUMENT",
        "A line is longer than its form allows; nothing after it was read.",
        "行の長さが上限を超えています。以降の行は読み取っていません。",
    )
    BATCH_ENCODING = Sentence(
        "INVALID_ARGUMENT",
        "The file is not UTF-8 as its form asks for it.",
        "ファイルの文字コードが所定のUTF-8ではありません。",
    )
    MALFORMED_BATCH_MESSAGE = Sentence(
        "INVALID_ARGUMENT",
        "The file is not XML of its form; nothing after this place was read.",
        "ファイルが所定の形式のXMLではありません。以降は読み取っていません。",
    )
    BATCH_FIELD_COUNT = Sentence(
        "INVALID_ARGUMENT",
        "A line has more or fewer fields than its form.",
        "行の項目数が所定の数と一致しません。",
    )
    BATCH_FIELD_UNKNOWN = Sentence(
        "INVALID_ARGUMENT",
        "A record holds a field that its form does not know.",
        "レコードに規定外の項目が含まれています。",
    )
    BATCH_FIELD_MISSING = Sentence(
        "INVALID_ARGUMENT",
        "A field that must hold something is empty or absent.",
        "必須の項目が空か、存在しません。",
    )
    BATCH_FIELD_NOT_EMPTY = Sentence(
        "INVALID_ARGUMENT",
        "A field that must be empty here holds something.",
        "空でなければならない項目に値が入っています。",
    )
    BATCH_FIELD_LENGTH = Sentence(
        "INVALID_ARGUMENT",
        "A field is longer or shorter than its form.",
        "項目の桁数が所定の桁数と一致しません。",
    )
    MALFORMED_BATCH_FIELD = Sentence(
        "INVALID_ARGUMENT",
        "A field is not of its form.",
        "項目の形式が正しくありません。",
    )
    BATCH_RECORD_REPEATED = Sentence(
        "ALREADY_EXISTS",
        "This record identification number came before in the same run.",
        "このレコード識別番号は同じ処理の中で既に使われています。",
    )
    SUB_COPIES_ALREADY_PROVIDED = Sentence(
        "FAILED_PRECONDITION",
        "This version of the information was provided before. Register again or register the change.",
        "この版の特定個人情報は提供済みです。再登録または異動として登録してください。",
    )
    SUB_COPIES_NOT_YET_PROVIDED = Sentence(
        "FAILED_PRECONDITION",
        "This version of the information was never provided. Register it for the first time.",
        "この版の特定個人情報は未提供です。当初または版改定として登録してください。",
    )
    MALFORMED_BATCH_RUN = Sentence(
        "INVALID_ARGUMENT",
        "What the run is to hold was not told in its form.",
        "一括処理の内容の指定が正しくありません。",
    )
    BATCH_RUN_UNKNOWN = Sentence(
        "NOT_FOUND",
        "The caller has no such run.",
        "指定された一括処理はありません。",
    )
    BATCH_RUN_CLOSED = Sentence(
        "FAILED_PRECONDITION",
        "The run was closed. It takes no more files.",
        "この一括処理は受付を締め切っています。ファイルを追加できません。",
    )
    BATCH_RUN_UNDER_WAY = Sentence(
        "FAILED_PRECONDITION",
        "The run, or another of the same information, has not ended yet. Try again later.",
        "この一括処理、または同じ特定個人情報の一括処理が終了していません。時間をおいて再試行してください。",
        passing=True,
    )
    BATCH_FILE_NOT_OF_RUN = Sentence(
        "INVALID_ARGUMENT",
        "By its name the file is none of this run.",
        "ファイル名がこの一括処理のものではありません。",
    )
    BATCH_FILE_REPEATED = Sentence(
        "ALREADY_EXISTS",
        "The run has a file of this name with other content.",
        "同じ名前で内容の異なるファイルが既に登録されています。",
    )
    BATCH_FILE_UNKNOWN = Sentence(
        "NOT_FOUND",
        "The run has no file with this number.",
        "この一括処理に指定された番号のファイルはありません。",
    )
    BATCH_SUB_COPY_REPEATED = Sentence(
        "ALREADY_EXISTS",
        "The run has a sub-copy of this person, information and key already.",
        "同じ処理の中に同じ対象者・特定個人情報・キーの副本が既にあります。",
    )
    INSTITUTION_CODE_UNKNOWN = Sentence(
        "INVALID_ARGUMENT",
        "No institution is known by this code of sixteen digits.",
        "指定された機関コードに該当する機関がありません。",
    )

    # The control of a test world
    MALFORMED_SNAPSHOT_NAME = Sentence(
        "INVALID_ARGUMENT",
        "A snapshot's name is one to forty lower-case letters, digits and hyphens.",
        "スナップショット名は英小文字・数字・ハイフンの1〜40文字です。",
    )
    SNAPSHOT_UNKNOWN = Sentence(
        "NOT_FOUND",
        "There is no snapshot of this name.",
        "その名前のスナップショットはありません。",
    )
    WORK_NOT_PAUSED = Sentence(
        "FAILED_PRECONDITION",
        "The seat's own work goes on. Pause it before a snapshot is restored.",
        "サーバー自身の処理が動作中です。復元の前に一時停止してください。",
        passing=True,
    )

    # The legal basis of an inquiry
    INQUIRY_FOR_REGISTER_AFFAIRS = Sentence(
        "PERMISSION_DENIED",
        "Nobody inquires for resident-register affairs. A municipality only provides.",
        "住民基本台帳に関する事務では情報照会を行いません。市町村は提供のみを行います。",
    )
    LEGAL_TABLE_NOT_IN_FORCE = Sentence(
        "PERMISSION_DENIED",
        "No table of permitted inquiries is in force on that day.",
        "その日に効力を有する情報連携の表がありません。",
    )
    DELEGATION_UNKNOWN = Sentence(
        "PERMISSION_DENIED",
        "The institution may not act for the delegator that it names.",
        "この機関は、指定された委任元の事務を行うことができません。",
    )
    AFFAIR_NOT_IN_TABLE = Sentence(
        "PERMISSION_DENIED",
        "The table permits no inquiry for this affair.",
        "この事務での情報照会は表にありません。",
    )
    PROCEDURE_NOT_OF_AFFAIR = Sentence(
        "PERMISSION_DENIED",
        "The procedure does not belong to the affair.",
        "事務手続がこの事務のものではありません。",
    )
    INQUIRER_NOT_OF_CLASS = Sentence(
        "PERMISSION_DENIED",
        "The inquirer is not of the class that may inquire for this affair.",
        "情報照会者が、この事務で照会できる種別の機関ではありません。",
    )
    PROVIDER_NOT_OF_CLASS = Sentence(
        "PERMISSION_DENIED",
        "The provider is not of the class that provides for this affair.",
        "情報提供者が、この事務で提供する種別の機関ではありません。",
    )
    INFORMATION_NOT_IN_ROW = Sentence(
        "PERMISSION_DENIED",
        "The table does not let this provider give this information for the affair.",
        "この事務について、この情報提供者からその特定個人情報を照会することはできません。",
    )

    AFFAIR_NOT_OF_DEPARTMENT = Sentence(
        "PERMISSION_DENIED",
        "The affair is not of this department's business.",
        "この事務は、この部署の所掌ではありません。",
    )
    PROVIDER_UNKNOWN = Sentence(
        "PERMISSION_DENIED",
        "The information provision network reaches no provider of this name.",
        "この情報提供者は情報提供ネットワークシステムに接続していません。",
    )

    # Inquiries and permits
    MALFORMED_EXCHANGE_ID = Sentence(
        "INVALID_ARGUMENT",
        "The exchange id is not a UUID in its usual form of 36 characters in lower case.",
        "情報提供の交換IDが通常の形式（小文字36文字）のUUIDではありません。",
    )
    MALFORMED_INQUIRY = Sentence(
        "INVALID_ARGUMENT",
        "A part of what the inquiry asks is not of its form.",
        "情報照会の項目の形式が正しくありません。",
    )
    INQUIRER_IS_NOT_SENDER = Sentence(
        "PERMISSION_DENIED",
        "The inquirer is not the institution that asks. It can inquire for itself alone.",
        "情報照会者が要求元の機関と一致しません。自機関の照会だけができます。",
    )
    CODE_NOT_ACQUIRED = Sentence(
        "FAILED_PRECONDITION",
        "No code has been acquired for this person. Acquire it first.",
        "この団体内統合宛名番号は符号が未取得です。先に符号を取得してください。",
    )
    INQUIRY_UNKNOWN = Sentence(
        "NOT_FOUND",
        "There is no such inquiry of this institution.",
        "この機関にその照会はありません。",
    )
    INQUIRY_ENDED = Sentence(
        "FAILED_PRECONDITION",
        "The inquiry has ended already. Fetch what came of it.",
        "照会はすでに終了しています。結果を取得してください。",
    )
    INQUIRY_NOT_ENDED = Sentence(
        "FAILED_PRECONDITION",
        "The inquiry has not ended yet. There is no answer to be acknowledged.",
        "照会はまだ終了していません。受領を確認する回答がありません。",
        passing=True,
    )
    EXCHANGE_UNKNOWN = Sentence(
        "NOT_FOUND",
        "There is no such exchange in which this institution has this part.",
        "この機関が当事者であるその情報提供はありません。",
    )
    EXCHANGE_ID_TAKEN = Sentence(
        "ALREADY_EXISTS",
        "An exchange of this id exists already.",
        "この交換IDの情報提供はすでに存在します。",
    )
    EXCHANGE_NOT_YET_PERMITTED = Sentence(
        "FAILED_PRECONDITION",
        "The inquirer has not learnt yet that the exchange was permitted.",
        "照会者側で許可がまだ確認されていません。",
        passing=True,
    )
    EXCHANGE_ALREADY_ANNOUNCED = Sentence(
        "FAILED_PRECONDITION",
        "The provider may have been told already. It can be cancelled no more.",
        "情報提供者に通知済みの可能性があるため、取り消せません。",
    )
    EXCHANGE_ENDED = Sentence(
        "FAILED_PRECONDITION",
        "The exchange has ended: it was answered, cancelled, not permitted, or it expired.",
        "この情報提供は終了しています（回答済み・取消し・不許可・期限切れ）。",
    )
    SEALING_KEYS_NOT_PUBLISHED = Sentence(
        "FAILED_PRECONDITION",
        "The organisation has not published the keys to which its answers are sealed.",
        "団体が回答の暗号化に用いる公開鍵を公開していません。",
        passing=True,
    )
    MALFORMED_ANSWER = Sentence(
        "INVALID_ARGUMENT",
        "The answer is not of its form.",
        "回答の形式が正しくありません。",
    )
    ANSWER_NOT_HELD = Sentence(
        "NOT_FOUND",
        "No answer of this exchange waits for a review.",
        "確認待ちの回答はありません。",
    )
    ANSWER_CHANGED_SINCE_REVIEW = Sentence(
        "ABORTED",
        "What would go out is not what was reviewed. Review it again.",
        "送信内容が確認時から変わっています。もう一度確認してください。",
    )
    PERMIT_SIGNATURE_INVALID = Sentence(
        "PERMISSION_DENIED",
        "The permit was not signed by the information provision network, or is damaged.",
        "許可証が情報提供ネットワークシステムによって署名されていないか、壊れています。",
    )
    PERMIT_OF_ANOTHER_WORLD = Sentence(
        "PERMISSION_DENIED",
        "The permit was issued in another world.",
        "許可証は別のワールドで発行されたものです。",
    )
    PERMIT_FOR_ANOTHER_PARTY = Sentence(
        "PERMISSION_DENIED",
        "The permit is the copy of another institution, or of the other side.",
        "許可証は別の機関または相手側に宛てたものです。",
    )
    PERMIT_ALTERED = Sentence(
        "PERMISSION_DENIED",
        "What is asked is not what the permit permits.",
        "照会の内容が許可証の内容と一致しません。",
    )
    PERMIT_NOT_YET_VALID = Sentence(
        "FAILED_PRECONDITION",
        "The permit is not valid yet.",
        "許可証の有効期間がまだ始まっていません。",
        passing=True,
    )
    PERMIT_EXPIRED = Sentence(
        "FAILED_PRECONDITION",
        "The permit has expired. Inquire again.",
        "許可証の有効期限が過ぎています。あらためて照会してください。",
    )
    PERMIT_ALREADY_USED = Sentence(
        "FAILED_PRECONDITION",
        "The permit was used before. A permit is good once.",
        "許可証は使用済みです。許可証は一度だけ使用できます。",
    )

    # A person's view
    ACCOUNT_UNKNOWN = Sentence(
        "NOT_FOUND",
        "There is no such account.",
        "そのアカウントはありません。",
    )
    ACCOUNT_WITHOUT_CODE = Sentence(
        "FAILED_PRECONDITION",
        "The code of this account has not come, or could not be made. Ask how the account stands.",
        "このアカウントの符号は未取得か、取得できませんでした。アカウントの状態を確認してください。",
    )
    RECORDS_NOT_PROVEN = Sentence(
        "DATA_LOSS",
        "What the information provision network told of its records does not prove itself.",
        "情報提供ネットワークシステムから受け取った記録の真正性を検証できません。",
    )

    # Sealed answers
    PUBLISHED_KEYS_UNTRUSTED = Sentence(
        "FAILED_PRECONDITION",
        "The certificate that signed the organisation's keys does not lead to the linkage root, "
        "or is not valid at this time.",
        "団体の公開鍵に署名した証明書が情報連携のルートにつながらないか、有効期間外です。",
        passing=True,
    )
    PUBLISHED_KEYS_REVOKED = Sentence(
        "FAILED_PRECONDITION",
        "The certificate that signed the organisation's keys has been revoked.",
        "団体の公開鍵に署名した証明書は失効しています。",
        passing=True,
    )
    PUBLISHED_KEYS_OF_ANOTHER = Sentence(
        "FAILED_PRECONDITION",
        "The keys are those of another organisation, or were signed by one that may not sign them.",
        "公開鍵が別の団体のものか、署名する資格のない者によって署名されています。",
        passing=True,
    )
    PUBLISHED_KEYS_SIGNATURE_INVALID = Sentence(
        "FAILED_PRECONDITION",
        "The keys are not those that the organisation signed.",
        "公開鍵が団体の署名したものと一致しません。",
        passing=True,
    )
    PUBLISHED_KEYS_MALFORMED = Sentence(
        "FAILED_PRECONDITION",
        "The organisation's record of keys is not of its form.",
        "団体の公開鍵の登録内容の形式が正しくありません。",
        passing=True,
    )
    PUBLISHED_KEYS_OUT_OF_DATE = Sentence(
        "FAILED_PRECONDITION",
        "The organisation's record of keys is not valid at this time. It must publish a new one.",
        "団体の公開鍵の登録が有効期間外です。団体が新しく公開する必要があります。",
        passing=True,
    )
    PUBLISHED_KEYS_SUPERSEDED = Sentence(
        "FAILED_PRECONDITION",
        "The organisation has published newer keys than these.",
        "団体はこれより新しい公開鍵を公開しています。",
        passing=True,
    )
    NO_SUITE_IN_COMMON = Sentence(
        "FAILED_PRECONDITION",
        "The organisation allows no way of sealing that is known here.",
        "団体が認める暗号方式のうち、ここで利用できるものがありません。",
        passing=True,
    )
    ANSWER_OF_ANOTHER_EXCHANGE = Sentence(
        "PERMISSION_DENIED",
        "The sealed answer belongs to another exchange.",
        "暗号化された回答は別の情報提供のものです。",
    )
    ANSWER_KEY_UNKNOWN = Sentence(
        "FAILED_PRECONDITION",
        "The answer is sealed to a key that this organisation does not hold.",
        "回答がこの団体の保有しない鍵で暗号化されています。",
    )
    ANSWER_NOT_OPENED = Sentence(
        "INVALID_ARGUMENT",
        "The answer cannot be opened: it is damaged, or was sealed for other parties.",
        "回答を復号できません。壊れているか、別の当事者に宛てたものです。",
    )

    # Outages and faults
    PEER_UNREACHABLE = Sentence(
        "UNAVAILABLE",
        "The other server did not answer. Check that it runs and that the certificates of both fit.",
        "相手のサーバーから応答がありません。起動状態と双方の証明書を確認してください。",
        passing=True,
    )
    PEER_NOT_UNDERSTOOD = Sentence(
        "UNAVAILABLE",
        "The other server refused without a reason of this contract.",
        "相手のサーバーが規定の理由を示さずに拒否しました。",
        passing=True,
    )
    DEADLINE_PASSED = Sentence(
        "DEADLINE_EXCEEDED",
        "The deadline passed before the work was done. A repeat with the same request id is safe.",
        "処理が期限内に終わりませんでした。同じ要求IDでの再送は安全です。",
        passing=True,
    )
    STORE_UNAVAILABLE = Sentence(
        "UNAVAILABLE",
        "The server cannot reach its database now. Try again later.",
        "サーバーのデータベースが現在利用できません。時間をおいて再試行してください。",
        passing=True,
    )
    INTERNAL = Sentence(
        "INTERNAL",
        "The server met a fault of its own. Tell its operator the incident id.",
        "サーバー内部で障害が発生しました。運用者に障害IDを伝えてください。",
        passing=True,
    )

    @property
    def sentence(self) -> Sentence:
        """How the reason is told."""
        sentence: Sentence = self.value
        return sentence

    @property
    def status(self) -> str:
        """The gRPC status code, by name."""
        return self.sentence.status

    @property
    def passing(self) -> bool:
        """Whether the same request may succeed later."""
        return self.sentence.passing


class Refusal(Exception):
    """A request was refused.

    `detail` is an English addition for the caller: numbers, never persons.
    `fields` are the proto paths that are at fault, such as `attributes.name`.
    """

    def __init__(self, reason: Reason, detail: str = "", *fields: str) -> None:
        super().__init__(reason, detail, *fields)
        self.reason = reason
        self.detail = detail
        self.fields = fields

    def __str__(self) -> str:
        places = f" [{', '.join(self.fields)}]" if self.fields else ""
        addition = f" ({self.detail})" if self.detail else ""
        return f"{self.reason.name}{places}: {self.reason.sentence.english}{addition}"

    def within(self, field: str) -> "Refusal":
        """The same refusal, its fields seen from the message that holds `field`."""
        inner = tuple(f"{field}.{name}" for name in self.fields) or (field,)
        return Refusal(self.reason, self.detail, *inner)
