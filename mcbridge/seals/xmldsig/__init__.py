"""XML signatures (XMLDSig), enveloped, as EMREX documents have them."""
