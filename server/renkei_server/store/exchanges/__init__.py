"""Inquiries, provisions and what joins them."""
