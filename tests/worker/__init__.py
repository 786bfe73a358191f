"""Tests of the worker: real processes over real queues, stores and sources."""
