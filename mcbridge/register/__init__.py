"""The garden gate."""
