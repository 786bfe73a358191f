"""Trained models: the folder they lie in, their card, and the runtime that asks them."""
