"""The vocabulary that every other layer speaks: dates, identifiers, draws, errors, kernels."""
