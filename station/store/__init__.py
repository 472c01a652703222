"""The central order store: one port, and what stands behind it."""
