"""Sales channels: files and APIs that orders come from and confirmations go to."""
