"""`regkit path`: strengths in a chain, where they begin, their points and the choice."""
