"""The proto packages under renkei.operators."""
