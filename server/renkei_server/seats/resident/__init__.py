"""The resident record system (既存住民基本台帳システム), one per municipality."""
