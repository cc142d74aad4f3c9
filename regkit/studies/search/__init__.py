"""`regkit sweep`: several numbers at once, their trials, samplers and storage."""
