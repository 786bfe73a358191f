"""Wash volume: trades that change nobody's position and gain nothing, one criterion a file."""
