"""The national server (全国サーバ) of J-LIS."""
