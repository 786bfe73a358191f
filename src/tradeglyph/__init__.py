"""What the command line and the library agree to call this version."""

__version__ = "0.1.0"
