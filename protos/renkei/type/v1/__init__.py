"""The proto package renkei.type.v1."""
