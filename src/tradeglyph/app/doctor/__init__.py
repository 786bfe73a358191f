"""Looks whether everything that answering events needs is there and works, and changes nothing."""
