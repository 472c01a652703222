"""The papers of the bench: shipping label, packing slip, sheet of commands."""
