"""Where trades and candles come from while events are answered: databases, files, memory.

Each source has, beside what `ports.sources` asks: `check()`, the problems that a person must mend;
`left_out`, how many bad rows were left out of its answers so far, by reason; `close()`. Everything
here but `files`, `frames` and `parquet` needs no polars, so that it fits a small function.
"""
