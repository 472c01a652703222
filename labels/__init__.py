"""Labels in millimetres, as ZPL for thermal printers and as pictures for everything else."""
