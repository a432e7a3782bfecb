"""The control of test worlds: clock and snapshots, on a listener and by a certificate of their own."""
