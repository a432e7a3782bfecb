"""`renkei doctor`: what may keep a world from working, each with what to do about it (invented).

It looks and alters nothing. A subject is looked at by one function, which tells what it found.
"""
