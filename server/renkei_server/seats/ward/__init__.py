"""What the resident record system and the municipal CS have alike on the ward's network."""
