"""Resource objects to bytes: columns of rows at once, by msgspec or orjson where one is installed.

What is written here is, byte for byte, what the schema's own `dump` gives, arranged and encoded. Where that cannot be
told beforehand, the schema itself has the last word.
"""
