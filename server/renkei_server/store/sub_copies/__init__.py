"""Sub-copies (副本) and the keys under which they are held."""
