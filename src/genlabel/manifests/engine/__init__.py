"""c2pa-python: loaded, asked and guarded here and nowhere else."""
