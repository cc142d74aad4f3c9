"""Reports on runs: pictures."""
