"""`regkit compare`: arms with the same seeds, their cells, scores and differences."""
