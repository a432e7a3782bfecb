"""The proto package renkei.ward.v1."""
