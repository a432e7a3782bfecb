"""The proto packages under renkei.control."""
