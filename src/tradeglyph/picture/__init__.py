"""The picture: one spec, one geometry, one place that draws for training, scoring and people."""
