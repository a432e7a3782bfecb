"""The contract of the networks: messages, codes, refusals and their words."""
