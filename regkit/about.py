"""What this package is called, and which version it is."""

DISTRIBUTION = "regkit-nn"
__version__ = "0.2.0"
