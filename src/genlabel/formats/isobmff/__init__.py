"""The boxes of ISO base media files: films, AVIF and HEIC."""
