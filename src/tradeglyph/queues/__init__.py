"""Queues of events: embedded in SQLite, or SQS."""
