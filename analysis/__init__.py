"""What reads results: figures and the comparison with evidence. Uses only the public names of :mod:`sim`."""
