"""The middle server (中間サーバー): one instance for each organisation, with its own endpoint."""
