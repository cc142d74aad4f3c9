"""Drawings of runs and studies for a page: each with its words, its numbers and values to hover."""
