"""Where results go. Outputs appear under their final name only when they are complete."""
