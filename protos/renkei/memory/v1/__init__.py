"""The proto package renkei.memory.v1."""
