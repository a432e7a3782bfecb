"""The legal basis of an inquiry · 情報照会の法令上の根拠."""

from renkei.reasons.reason import Reason

INQUIRY_FOR_REGISTER_AFFAIRS = Reason(
    "INQUIRY_FOR_REGISTER_AFFAIRS",
    "PERMISSION_DENIED",
    "Nobody inquires for resident-register affairs. A municipality only provides.",
    "住民基本台帳に関する事務では情報照会を行いません。市町村は提供のみを行います。",
)
LEGAL_TABLE_NOT_IN_FORCE = Reason(
    "LEGAL_TABLE_NOT_IN_FORCE",
    "PERMISSION_DENIED",
    "No table of permitted inquiries is in force on that day.",
    "その日に効力を有する情報連携の表がありません。",
)
DELEGATION_UNKNOWN = Reason(
    "DELEGATION_UNKNOWN",
    "PERMISSION_DENIED",
    "The institution may not act for the delegator that it names.",
    "この機関は、指定された委任元の事務を行うことができません。",
)
AFFAIR_NOT_IN_TABLE = Reason(
    "AFFAIR_NOT_IN_TABLE",
    "PERMISSION_DENIED",
    "The table permits no inquiry for this affair.",
    "この事務での情報照会は表にありません。",
)
PROCEDURE_NOT_OF_AFFAIR = Reason(
    "PROCEDURE_NOT_OF_AFFAIR",
    "PERMISSION_DENIED",
    "The procedure does not belong to the affair.",
    "事務手続がこの事務のものではありません。",
)
INQUIRER_NOT_OF_CLASS = Reason(
    "INQUIRER_NOT_OF_CLASS",
    "PERMISSION_DENIED",
    "The inquirer is not of the class that may inquire for this affair.",
    "情報照会者が、この事務で照会できる種別の機関ではありません。",
)
PROVIDER_NOT_OF_CLASS = Reason(
    "PROVIDER_NOT_OF_CLASS",
    "PERMISSION_DENIED",
    "The provider is not of the class that provides for this affair.",
    "情報提供者が、この事務で提供する種別の機関ではありません。",
)
INFORMATION_NOT_IN_ROW = Reason(
    "INFORMATION_NOT_IN_ROW",
    "PERMISSION_DENIED",
    "The table does not let this provider give this information for the affair.",
    "この事務について、この情報提供者からその特定個人情報を照会することはできません。",
)

AFFAIR_NOT_OF_DEPARTMENT = Reason(
    "AFFAIR_NOT_OF_DEPARTMENT",
    "PERMISSION_DENIED",
    "The affair is not of this department's business.",
    "この事務は、この部署の所掌ではありません。",
)
PROVIDER_UNKNOWN = Reason(
    "PROVIDER_UNKNOWN",
    "PERMISSION_DENIED",
    "The information provision network reaches no provider of this name.",
    "この情報提供者は情報提供ネットワークシステムに接続していません。",
)
