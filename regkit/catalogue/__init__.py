"""What is installed, and from a name to a configured regularizer.

Nothing is imported here: to list what is installed takes neither NumPy nor a plugin.
"""
