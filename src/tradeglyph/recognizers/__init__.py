"""What says that an account's day deserves a look, one rule a file."""
