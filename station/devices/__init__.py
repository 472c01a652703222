"""Printers, scanners and scales: what the bench asks of them, and the drivers."""
