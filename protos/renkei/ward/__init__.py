"""The proto packages under renkei.ward."""
