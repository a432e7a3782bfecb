"""The proto package renkei.jukinet.v1."""
