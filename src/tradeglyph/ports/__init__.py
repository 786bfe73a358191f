"""Seams: what the core asks of the world, one small protocol a file."""
