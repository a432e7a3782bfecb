"""What the prefecture server and the national server have alike."""
