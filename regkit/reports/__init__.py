"""What people are shown of runs that are there: pictures."""
