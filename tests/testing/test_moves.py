"""The search for broken laws leaves no command out."""

from random import Random

from jamsos.testing.moves import Map, Walk

from jamsos.commands.catalogue import COMMANDS, EXPANSIONS
from jamsos.commands.programmes import Adopt, Enact
from jamsos.engine.setting import setting
from jamsos.engine.world import World

NEVER_ASKED = {Adopt, Enact}
"""The law is enacted where a history begins."""


def test_the_walk_asks_every_command_but_those_that_enact_the_law():
    begins, asked = setting(), set()
    chart = Map(begins)
    for seed in range(100):
        world = World(begins)
        walk = Walk(world, chart, Random(seed))
        for _ in range(30):
            command = walk.next()
            world.ask(command)
            asked.add(type(command))

    assert {*COMMANDS.values(), *EXPANSIONS.values()} - asked == NEVER_ASKED
