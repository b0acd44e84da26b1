"""XMP packets: read, and edited without touching what other people wrote."""
