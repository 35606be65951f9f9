"""The work that `bench speed --peers` compares, in every Python library that is installed, on one thread.

    python measure.py update|endToEnd|env|td3|ddpg|ppo BLOCKS REPETITIONS

Prints one line of JSON: { name: { version, ms } }, milliseconds per repetition, the median over blocks. A repetition is

    update    one SAC update: networks 256x256, batch 256, HalfCheetah's sizes, made-up data (sb3, sbx; torch where sb3 is missing)
    endToEnd  one step of learning HalfCheetah-v5, with one update: acting, physics, replay and update (sb3, sbx)
    env       one control step of HalfCheetah-v5 with random actions (gymnasium)
    td3, ddpg one update with the networks, batch and rates of the packages here, made-up data (sb3)
    ppo       one environment step of learning HalfCheetah-v5, normalised, with the settings of the package here (sb3)

What is not installed is left out. Blocks begin after a warm-up, which compiles what is compiled.
"""

import importlib
import importlib.metadata
import importlib.util
import json
import os
import statistics
import sys
import tempfile
import time

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"
# XLA's own flags for threads leave its pool, which runs independent operations side by side, as large as the machine; this is its size.
os.environ["PJRT_NPROC"] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
os.environ["JAX_PLATFORMS"] = "cpu"

# name: (module that has SAC, distribution)
LEARNERS = {"sb3": ("stable_baselines3", "stable-baselines3"), "sbx": ("sbx", "sbx-rl")}
WARM_UP = 1_000


def installed(*modules):
    return all(importlib.util.find_spec(module) is not None for module in modules)


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


def one_thread():
    if installed("torch"):
        import torch

        torch.set_num_threads(1)


def learner(module, env, warm_up):
    """SAC past its warm-up, with the defaults of the library but for the networks."""
    one_thread()
    model = importlib.import_module(module).SAC(
        "MlpPolicy",
        env,
        batch_size=256,
        buffer_size=1_000_000 if warm_up == WARM_UP else 10_000,
        learning_starts=warm_up,
        policy_kwargs={"net_arch": [256, 256]},
        device="cpu",
        seed=1,
    )
    # A few steps of learning compile what is to be compiled.
    model.learn(total_timesteps=warm_up + 10)
    return model


def timed(blocks, repetitions, work):
    """The median over blocks of milliseconds per repetition; one block more runs first and is thrown away."""
    times = []
    for block in range(-1, blocks):
        start = time.perf_counter()
        work(repetitions)
        if block >= 0:
            times.append((time.perf_counter() - start) * 1000 / repetitions)
    return statistics.median(times)


def updates(blocks, repetitions):
    found = {}
    for name, (module, distribution) in LEARNERS.items():
        if installed(module):
            model = learner(module, noise_body(), 512)
            ms = timed(blocks, repetitions, lambda n: model.train(gradient_steps=n, batch_size=256))
            found[name] = {"version": importlib.metadata.version(distribution), "ms": ms}
    if "sb3" not in found and installed("torch"):
        from stand_in import Sac

        one_thread()
        stand_in = Sac()
        ms = timed(blocks, repetitions, lambda n: stand_in.train(gradient_steps=n, batch_size=256))
        found["torch"] = {"version": importlib.metadata.version("torch"), "ms": ms}
    return found


def end_to_end(blocks, repetitions):
    found = {}
    if not installed("gymnasium", "mujoco"):
        return found
    for name, (module, distribution) in LEARNERS.items():
        if installed(module):
            model = learner(module, "HalfCheetah-v5", WARM_UP)
            ms = timed(blocks, repetitions, lambda n: model.learn(total_timesteps=n, reset_num_timesteps=False))
            found[name] = {"version": importlib.metadata.version(distribution), "ms": ms}
    return found


def env_steps(blocks, repetitions):
    if not installed("gymnasium", "mujoco"):
        return {}
    import gymnasium

    env = gymnasium.make("HalfCheetah-v5")
    env.action_space.seed(1)
    actions = [env.action_space.sample() for _ in range(repetitions)]

    def work(_):
        env.reset(seed=1)
        for action in actions:
            _, _, terminated, truncated, _ = env.step(action)
            if terminated or truncated:
                env.reset(seed=1)

    ms = timed(blocks, repetitions, work)
    return {"gymnasium": {"version": importlib.metadata.version("gymnasium"), "ms": ms}}


def deterministic(algorithm, rate):
    """Updates of TD3 or DDPG."""

    def measure(blocks, repetitions):
        if not installed("stable_baselines3"):
            return {}
        one_thread()
        model = getattr(importlib.import_module("stable_baselines3"), algorithm)(
            "MlpPolicy",
            noise_body(),
            batch_size=256,
            learning_rate=rate,
            buffer_size=10_000,
            learning_starts=512,
            train_freq=1,
            policy_kwargs={"net_arch": [256, 256]},
            device="cpu",
            seed=1,
        )
        model.learn(total_timesteps=522)
        ms = timed(blocks, repetitions, lambda n: model.train(gradient_steps=n, batch_size=256))
        return {"sb3": {"version": importlib.metadata.version("stable-baselines3"), "ms": ms}}

    return measure


def on_policy(blocks, repetitions):
    """Environment steps of PPO, as many rollouts as there are blocks; `repetitions` does not matter."""
    if not installed("stable_baselines3", "gymnasium", "mujoco"):
        return {}
    one_thread()
    import stable_baselines3
    from stable_baselines3.common.env_util import make_vec_env
    from stable_baselines3.common.vec_env import VecNormalize

    env = VecNormalize(make_vec_env("HalfCheetah-v5", n_envs=8, seed=1))
    model = stable_baselines3.PPO(
        "MlpPolicy", env, n_steps=256, batch_size=64, n_epochs=10, device="cpu", seed=1
    )
    rollout = 8 * 256
    model.learn(total_timesteps=rollout)
    ms = timed(blocks, rollout, lambda n: model.learn(total_timesteps=n, reset_num_timesteps=False))
    return {"sb3": {"version": importlib.metadata.version("stable-baselines3"), "ms": ms}}


def main():
    # MuJoCo writes its log where it stands.
    os.chdir(tempfile.gettempdir())
    work, blocks, repetitions = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    measure = {
        "update": updates,
        "endToEnd": end_to_end,
        "env": env_steps,
        "td3": deterministic("TD3", 3e-4),
        "ddpg": deterministic("DDPG", 1e-3),
        "ppo": on_policy,
    }[work]
    print(json.dumps(measure(blocks, repetitions)))


if __name__ == "__main__":
    main()
