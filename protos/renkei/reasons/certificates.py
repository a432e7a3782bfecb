"""Certificates that are asked for · 証明書の発行."""

from renkei.reasons.reason import Reason

CSR_INVALID = Reason(
    "CSR_INVALID",
    "INVALID_ARGUMENT",
    "The certificate signing request cannot be read, or was not signed by its own key.",
    "証明書署名要求が読めないか、その鍵自身で署名されていません。",
)
CSR_KEY_UNFIT = Reason(
    "CSR_KEY_UNFIT",
    "INVALID_ARGUMENT",
    "The key of the certificate signing request is not ECDSA P-256.",
    "証明書署名要求の鍵がECDSA P-256ではありません。",
)
IDENTITY_OF_ANOTHER_DOMAIN = Reason(
    "IDENTITY_OF_ANOTHER_DOMAIN",
    "INVALID_ARGUMENT",
    "The identity belongs to another trust domain than the authority's.",
    "識別子が認証局とは別の信頼ドメインのものです。",
)
