"""The proof of separation: after the flows, who still holds what they must not."""
