"""What workers and a scheduler load that are not what they should be (`dask ... --preload`)."""
