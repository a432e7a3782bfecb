"""What is shipped: an sdist and a wheel, built as a user's own checkout is, without a network."""
