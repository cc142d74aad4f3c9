"""A run: its settings, and the data, model and optimizer that they stand for."""
