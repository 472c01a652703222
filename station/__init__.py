"""The packing station for sellers who ship their own Amazon orders."""

__version__ = "0.1.0"
