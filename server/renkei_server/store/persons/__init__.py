"""Files of persons, and the numbers by which they are known."""
