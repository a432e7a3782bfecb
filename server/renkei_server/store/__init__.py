"""What a seat keeps, and how."""
