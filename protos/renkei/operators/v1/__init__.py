"""The proto package renkei.operators.v1."""
