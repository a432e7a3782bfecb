"""The seats of the modelled networks."""
