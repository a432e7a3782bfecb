"""What the documents tell of the code, written from the code.

A document is prose, with parts between two markers that `make documents` writes and
`make check` verifies: who calls whom, the reasons, the ports, what of each function there is.
"""
