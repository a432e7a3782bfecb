"""The proto packages under renkei.memory."""
