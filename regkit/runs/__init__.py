"""A run: its settings, and the data, model and optimizer built from them."""
