"""What each role's seat is made of: a module of the role's name, its tables and one `assemble`.

Nothing else in the server knows a role. A module is read when its role is first asked for.
"""
