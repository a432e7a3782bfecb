"""The linkage platform (住民情報連携基盤システム), one per municipality."""
