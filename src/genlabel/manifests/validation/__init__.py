"""What a manifest says and whether it holds: actions, ingredients, signer, identity, exclusions."""
