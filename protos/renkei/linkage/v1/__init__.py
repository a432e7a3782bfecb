"""The proto package renkei.linkage.v1."""
