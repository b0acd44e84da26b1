"""ID3 tags and their frames, in front of MP3 and FLAC."""
