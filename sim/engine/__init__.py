"""The engine that runs a day: the table of phases, the model, the recorder, checkpoints."""
