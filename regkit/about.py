"""The name and version of this package."""

DISTRIBUTION = "regkit-nn"
__version__ = "0.2.0"
