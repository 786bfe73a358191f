"""From fills to findings, arrays in and arrays out. No vendor, no file, no clock."""
