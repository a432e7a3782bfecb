"""The proto packages under renkei.batch."""
