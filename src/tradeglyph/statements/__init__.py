"""Reads the statements that banks and wallets give out: files in, lines and what was read out."""
