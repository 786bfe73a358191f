"""Simulated markets and the accounts that trade in them, every draw seeded."""
