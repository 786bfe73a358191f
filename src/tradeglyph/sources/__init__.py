"""Where trades and candles come from: files, providers, and resampling of what they gave."""
