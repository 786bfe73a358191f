"""Learning: datasets, networks, training, and what a model is worth. The only home of torch."""

import os

# Threads that wait by spinning cost a busy machine half its speed (80 ms a step became 150 with
# two neighbours on two cores). The runtime reads this when torch is first imported, so it stands
# here; whoever sets the variable keeps their choice.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
