"""The reconciliation of codes: what every party of their exchange holds of one another (F1)."""
