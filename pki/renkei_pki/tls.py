"""TLS 1.3 and nothing older: import this before grpc, which reads what it sets as it loads.

Imported later it changes nothing in this process, and nothing tells.

grpc for Python has no option for the oldest version of TLS; it has only the list of cipher
suites for TLS 1.2, read from an environment variable. The one suite named here needs a
server with an RSA key. Every certificate of this product has an ECDSA key (`keys` makes no
other, and the authority refuses a request for another), so that no TLS 1.2 handshake can
come to an end, whoever starts it; the suites of TLS 1.3 are a list of their own and stay.
A door checks the version of each connection all the same. (decided; invented)
"""

import os

SUITES_OF_TLS_1_2 = "ECDHE-RSA-AES256-GCM-SHA384"

os.environ["GRPC_SSL_CIPHER_SUITES"] = SUITES_OF_TLS_1_2
