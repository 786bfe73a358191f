"""How much of a file is read before it is refused: a statement is never this large."""

MAX_FILE_BYTES = 1 << 30
"""Bytes of a text or HTML file."""
MAX_WORKBOOK_BYTES = 128 << 20
"""Bytes of a workbook or PDF as it lies on disk."""
MAX_UNPACKED_BYTES = 1 << 30
"""Bytes of all parts of a workbook together, as declared and as really unpacked."""
MAX_CELLS = 40_000_000
"""Cells of the smallest rectangle round a sheet's contents. A reader keeps all of it in memory."""
MAX_COLUMNS = 256
"""Columns with anything in them."""
MAX_PAGES = 5_000
"""Pages of a PDF."""
MAX_CELL_CHARS = 131_072
"""Characters of one cell: the csv module's own limit."""
HEADER_ROWS = 400
"""Rows at the start that are all looked at for a heading line."""
EXAMPLES = 20
"""Rejected lines and notes that a summary shows; all are counted."""
