"""The order store over HTTPS: version 1 of what many benches and one office ask of it."""
