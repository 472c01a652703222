"""What the packer sees. Screens do not import each other."""
