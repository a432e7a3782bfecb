"""Who acts at an institution's terminals: sessions, the roster, and whether a session is good."""
