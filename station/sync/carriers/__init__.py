"""Carriers: where a label and its tracking id come from."""
