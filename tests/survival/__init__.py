"""What common tools do to labels: their operations, run on a labelled file of every container."""
