"""The municipal CS (市町村CS), one per municipality, with two faces."""
