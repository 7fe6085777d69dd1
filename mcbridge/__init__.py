"""Bridge between the formats of micro-credentials and the public register of provisions."""
