"""The proto package renkei.control.v1: the simulator's own, part of no network that is modelled."""
