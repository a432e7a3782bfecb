"""The seats: a package for each; one gRPC service is one file."""
