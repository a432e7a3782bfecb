"""Certificates of the modelled networks: trust domains, authorities, revocation."""
