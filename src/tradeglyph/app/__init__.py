"""Use cases, and the only place where their parts are wired together."""
