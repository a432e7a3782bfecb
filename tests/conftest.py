"""What every test needs."""

import renkei_pki.tls  # noqa: F401  # before anything imports grpc: it makes TLS 1.3 the only one
