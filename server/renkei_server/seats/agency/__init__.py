"""A national body's own linkage platform and interface (agency linkage), such as `nenkin`'s."""
