"""The papers of the bench."""
