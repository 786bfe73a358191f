"""How text files say times: RFC 3339."""

RFC_3339 = "%Y-%m-%dT%H:%M:%S%.fZ"
"""strftime of polars, for UTC times; a fraction of a second is said where there is one."""
