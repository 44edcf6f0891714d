"""What is measured rather than tested: speed, memory, and how random the random numbers are."""
