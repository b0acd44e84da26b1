"""The chunks of RIFF files: WebP, WAV and AVI."""
