"""``python -m sim.cli``: the same as ``october``."""

from sim.cli import main

main()
