"""What strikes the society: the catalogue of events, the timeline under a scenario, and how events act."""
