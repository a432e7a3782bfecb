"""What each role's seat is made of."""
