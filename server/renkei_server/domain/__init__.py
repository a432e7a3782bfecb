"""The rules: pure, without gRPC, SQL or a clock of their own."""
