"""What every seat tells its neighbours of its own memory."""
