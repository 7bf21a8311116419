"""The search for broken laws leaves no command out."""

from random import Random

from jamsos.commands.catalogue import NAMES
from jamsos.commands.programmes import Adopt, Enact
from jamsos.engine.setting import setting
from jamsos.engine.world import World
from jamsos.testing.search.map import Map
from jamsos.testing.search.walk import Walk

NEVER_ASKED = {
    Adopt: "a history begins with the law that ships, and what ships is enacted in it already",
    Enact: "a rule that is new is read by no policy that ships, and so changes no answer",
}
"""Commands that no walk asks, and why."""


def test_the_walk_asks_every_command_but_those_that_enact_the_law():
    begins, asked = setting(), set()
    chart = Map(begins)
    for seed in range(400):
        world = World(begins)
        walk = Walk(world, chart, Random(seed))
        for _ in range(30):
            command = walk.next()
            world.ask(command)
            asked.add(type(command))

    assert NAMES.keys() - asked == NEVER_ASKED.keys()
