"""Workbooks (.xlsx, ECMA-376) as streams: bounded memory, the same bytes for the same cells.

Written here and not by openpyxl, for two reasons: a report keeps both a formula of the original and
the value that it showed, which openpyxl can't write, and a statement of 200,000 lines takes seconds
instead of minutes.
"""
