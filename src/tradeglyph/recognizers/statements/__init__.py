"""Rules on bank statements, one in a file: polars in, columns out, no loop over lines."""
