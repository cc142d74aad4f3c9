"""What is installed, and from a name to a configured regularizer.

This file imports nothing, so that listing what is installed takes neither NumPy nor a plugin.
"""
