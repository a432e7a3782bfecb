"""The trace of one code acquisition: stitched from log lines, told in a terminal or on a page."""
