"""The one way in for every RPC."""
