"""What a run is told: evidence, parameters, events, scenarios, with every check at the door."""
