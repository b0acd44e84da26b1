"""The manifest store as bytes: JUMBF, CBOR, COSE, and what stands in them."""
