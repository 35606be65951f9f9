"""One SAC update of each Python peer that is installed, at HalfCheetah's sizes and one thread, for `bench speed --peers`.

    python measure.py BLOCKS UPDATES

Prints one line of JSON: { name: { version, ms, updatesPerSecond } }. Networks 256x256 and batch 256, as `bench speed` measures its own;
the physics is left out on both sides.
"""

import importlib
import importlib.metadata
import importlib.util
import json
import os
import statistics
import sys
import time

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"

# name: (module that has SAC, distribution)
PEERS = {"sb3": ("stable_baselines3", "stable-baselines3"), "sbx": ("sbx", "sbx-rl")}


def noise_body():
    """An environment of HalfCheetah's sizes that costs nothing and means nothing."""
    import gymnasium
    import numpy

    generator = numpy.random.default_rng(1)

    class NoiseBody(gymnasium.Env):
        observation_space = gymnasium.spaces.Box(-numpy.inf, numpy.inf, (17,), numpy.float32)
        action_space = gymnasium.spaces.Box(-1.0, 1.0, (6,), numpy.float32)

        def observe(self):
            return generator.standard_normal(17).astype(numpy.float32)

        def reset(self, *, seed=None, options=None):
            return self.observe(), {}

        def step(self, action):
            return self.observe(), float(generator.standard_normal()), False, False, {}

    return NoiseBody()


def measure(module, blocks, updates):
    if importlib.util.find_spec("torch") is not None:
        import torch

        torch.set_num_threads(1)
    sac = importlib.import_module(module).SAC
    model = sac(
        "MlpPolicy",
        noise_body(),
        batch_size=256,
        buffer_size=10_000,
        learning_starts=512,
        policy_kwargs={"net_arch": [256, 256]},
        device="cpu",
        seed=1,
    )
    model.learn(total_timesteps=522)  # fills the replay, and compiles where there is something to compile
    times = []
    for block in range(-1, blocks):
        start = time.perf_counter()
        model.train(gradient_steps=updates, batch_size=256)
        if block >= 0:
            times.append((time.perf_counter() - start) * 1000 / updates)
    ms = statistics.median(times)
    return {"ms": ms, "updatesPerSecond": 1000 / ms}


def main():
    blocks, updates = map(int, sys.argv[1:])
    found = {}
    for name, (module, distribution) in PEERS.items():
        if importlib.util.find_spec(module) is None:
            continue
        found[name] = {
            "version": importlib.metadata.version(distribution),
            **measure(module, blocks, updates),
        }
    print(json.dumps(found))


main()
