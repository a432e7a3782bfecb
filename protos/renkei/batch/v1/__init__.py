"""The proto package renkei.batch.v1."""
