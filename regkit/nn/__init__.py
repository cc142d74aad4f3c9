"""The book's network: layers, losses, optimizers and the model that joins them."""
