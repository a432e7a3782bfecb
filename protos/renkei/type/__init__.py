"""The proto packages under renkei.type."""
