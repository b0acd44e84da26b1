"""Where a signing key is: file, environment, PKCS #11 token, AWS KMS, program, callback, URI."""
