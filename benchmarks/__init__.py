"""Speed and quality, measured against floors that only rise."""
