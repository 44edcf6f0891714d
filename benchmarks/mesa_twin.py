"""The rule of influence written the usual way in Mesa: an object a person, an object an assembly.

It does what :mod:`sim.mechanisms.attitudes` and :mod:`sim.mechanisms.assemblies` do, person by person, and is kept for
two uses: a reader can see the rule without arrays, and ``make bench`` can say what the arrays gain.
"""

from __future__ import annotations

import mesa
import numpy as np
from numpy.typing import NDArray

from benchmarks.workload import AGREEMENT, INDEPENDENCE, PULL, RATE, Workload


class Person(mesa.Agent):
    """Somebody with demands, a liking for parties and attitudes to them."""

    def __init__(self, model: Twin, w: Workload, i: int):
        super().__init__(model)
        self.cell = int(w.cell[i])
        self.weight = float(w.weight[i])
        self.demand = w.demand[i].tolist()
        self.soviet_power = float(w.soviet_power[i])
        self.consciousness = float(w.consciousness[i])
        self.stubbornness = float(w.stubbornness[i])
        self.taste = w.taste[i].tolist()
        self.attitude = w.attitude[i].tolist()

    def relax(self) -> None:
        """Move a day toward the utility of each party."""
        appealing, standing = self.model.appealing[self.cell], self.model.standing[self.cell]
        lean = AGREEMENT * (2.0 * self.soviet_power - 1.0)
        apart = INDEPENDENCE * self.consciousness
        for p, liking in enumerate(self.taste):
            goal = standing[p] + liking + lean * self.model.soviet_stance[p] - apart * self.model.allied[p]
            for demand, appeal in zip(self.demand, appealing, strict=True):
                goal += demand * appeal[p]
            self.attitude[p] += RATE * (goal - self.attitude[p])


class Assembly(mesa.Agent):
    """People who talk politics together."""

    def __init__(self, model: Twin, members: list[Person]):
        super().__init__(model)
        self.members = members

    def pull_together(self) -> None:
        """Move each member toward the weighted mean, the stubborn less."""
        persons = sum(member.weight for member in self.members)
        means = [
            sum(member.weight * member.attitude[p] for member in self.members) / persons
            for p in range(len(self.members[0].attitude))
        ]
        for member in self.members:
            step = PULL * (1.0 - member.stubbornness)
            for p, mean in enumerate(means):
                member.attitude[p] += step * (mean - member.attitude[p])


class Twin(mesa.Model):
    """A society of objects on the same workload."""

    def __init__(self, w: Workload, seed: int = 1917):
        super().__init__(seed=seed)
        self.appealing, self.standing = w.appealing.tolist(), w.standing.tolist()
        self.allied, self.soviet_stance = w.allied.tolist(), w.soviet_stance.tolist()
        self.people = [Person(self, w, i) for i in range(w.cell.size)]
        for first, last in zip(w.assembly_start[:-1], w.assembly_start[1:], strict=True):
            Assembly(self, self.people[first:last])

    def step(self) -> None:
        """A day: everyone relaxes, then every assembly pulls together."""
        self.agents_by_type[Person].do("relax")
        self.agents_by_type[Assembly].do("pull_together")

    def attitudes(self) -> NDArray[np.float64]:
        """Attitudes of all people in the order of the workload, [n, P]."""
        return np.array([person.attitude for person in self.people])
