"""Codes (符号), link ids, serials, and the acquisitions that lead to them."""
