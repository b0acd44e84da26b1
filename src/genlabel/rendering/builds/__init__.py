"""What build systems read: findings by line, SARIF, JUnit, workflow commands, Code Quality, CSV."""
