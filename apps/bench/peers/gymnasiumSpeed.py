"""Steps per second of CPU time of Gymnasium's tasks with uniform actions, resets not timed: a JSON record of names to rates.

    python gymnasiumSpeed.py '{"half-cheetah": "HalfCheetah-v5"}' 7
"""

import json
import sys
import time

import gymnasium
from statistics import median

MOST_STEPS = 200
BLOCK_SECONDS = 0.03


def rate(name, blocks):
    env = gymnasium.make(name, disable_env_checker=True)
    env.action_space.seed(1)
    actions = [env.action_space.sample() for _ in range(MOST_STEPS)]
    rates = []
    for _ in range(blocks + 1):
        seconds, steps = 0.0, 0
        while seconds < BLOCK_SECONDS:
            env.reset(seed=1)
            start = time.process_time()
            for action in actions:
                _, _, terminated, truncated, _ = env.step(action)
                steps += 1
                if terminated or truncated:
                    break
            seconds += time.process_time() - start
        rates.append(steps / seconds)
    env.close()
    return median(rates[1:])


tasks, blocks = json.loads(sys.argv[1]), int(sys.argv[2])
print(json.dumps({key: rate(name, blocks) for key, name in tasks.items()}))
