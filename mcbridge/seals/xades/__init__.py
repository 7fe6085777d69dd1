"""XML signatures with properties of their own (XAdES, ETSI EN 319 132-1), as sealed Europass XML has them.

They cover the document but for signatures, and what the signer says of the signature
itself: when it was made, and with which certificate.
"""
