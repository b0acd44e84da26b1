"""What genlabel does: sign, verify, inspect, explain, strip-check, and the public functions."""
