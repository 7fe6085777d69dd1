"""Reading European Digital Credentials: ELM 3.0 to 3.3 as JSON-LD, in three forms.

``document`` opens the file, ``credential`` and the modules that it uses hold a shape
for each class of ELM, and ``origin`` reads once more when a place is asked for. The
keys are those of the context of ELM 3.2; nothing is fetched.
"""
