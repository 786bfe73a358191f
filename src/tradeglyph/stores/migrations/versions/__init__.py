"""Versions of the schema; `tradeglyph.stores.versions` lists them."""
