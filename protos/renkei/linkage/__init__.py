"""The proto packages under renkei.linkage."""
