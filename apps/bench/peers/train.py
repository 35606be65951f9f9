"""Trains SAC of Stable-Baselines3 with the settings of a cell of the bench, for suites that compare with it.

    python train.py --check          prints the versions, or says what is missing and ends with status 3
    python train.py < request.json   prints lines of JSON: { "progress": ... } and, last, { "result": ... }

The request: { env, seed, config, train }, resolved settings as a cell's file has them. Evaluations are deterministic, on an environment of
their own, at the same steps and with as many episodes as those of this project.
"""

import importlib.util
import json
import os
import statistics
import sys
import tempfile
import time

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

ENVS = {"half-cheetah": "HalfCheetah-v5", "pendulum": "Pendulum-v1"}
MODULES = ("stable_baselines3", "gymnasium", "mujoco", "torch")
METRICS_EVERY = 1000


def missing():
    return [name for name in MODULES if importlib.util.find_spec(name) is None]


def versions():
    from importlib.metadata import version

    return f"Python {sys.version.split()[0]}, stable-baselines3 {version('stable-baselines3')}, torch {version('torch')}, one thread"


def say(**line):
    print(json.dumps(line), flush=True)


def require(holds, field, value, remedy):
    if not holds:
        raise SystemExit(f"train.py: {field} must be one that Stable-Baselines3 has, got {value}, {remedy}")


def keywords(config, train):
    """A resolved configuration as the arguments of SB3's SAC. What it cannot do is refused."""
    rate = config["policyLearningRate"]
    require(config["criticLearningRate"] == rate, "criticLearningRate", config["criticLearningRate"], "give that of the policy")
    require(config["critics"] == 2, "critics", config["critics"], "give 2")
    require(config["initializer"] == "fanInUniform", "initializer", config["initializer"], "give 'fanInUniform'")
    require(config["activation"] == "relu", "activation", config["activation"], "give 'relu'")
    require(config["logStdRange"] == [-20, 2], "logStdRange", config["logStdRange"], "give [-20, 2]")
    require(config["target"]["kind"] == "soft", "target.kind", config["target"]["kind"], "give 'soft'")
    require(train["updatesPerStep"] == 1, "train.updatesPerStep", train["updatesPerStep"], "give 1")
    temperature = config["temperature"]
    if temperature["kind"] == "fixed":
        entropy = {"ent_coef": temperature["alpha"]}
    else:
        require(temperature.get("learningRate", rate) == rate, "temperature.learningRate", temperature.get("learningRate"), "leave it out")
        entropy = {
            "ent_coef": f"auto_{temperature['initialAlpha']}",
            "target_entropy": temperature.get("targetEntropy", "auto"),
        }
    return {
        **entropy,
        "learning_rate": rate,
        "gamma": config["gamma"],
        "batch_size": config["batchSize"],
        "tau": config["target"]["tau"],
        "buffer_size": train["replayCapacity"],
        "learning_starts": train["warmupSteps"],
        "train_freq": 1,
        "gradient_steps": 1,
        "policy_kwargs": {"net_arch": list(config["hidden"])},
    }


def run(request):
    import gymnasium
    import torch
    from stable_baselines3 import SAC
    from stable_baselines3.common.callbacks import BaseCallback

    torch.set_num_threads(1)
    config, train, seed = request["config"], request["train"], request["seed"]
    require(request["env"] in ENVS, "env", request["env"], f"give one of {', '.join(ENVS)}")
    env_id = ENVS[request["env"]]
    env, eval_env = gymnasium.make(env_id), gymnasium.make(env_id)
    model = SAC("MlpPolicy", env, device="cpu", seed=seed, **keywords(config, train))
    curves = {}
    learning = {"seconds": 0.0, "steps": 0}

    def add(name, step, value):
        curve = curves.setdefault(name, {"steps": [], "values": []})
        curve["steps"].append(step)
        curve["values"].append(float(f"{value:.6g}"))

    def evaluate(episodes):
        returns = []
        for episode in range(episodes):
            # Episode i starts from the same state in every evaluation, as in this project.
            observation, _ = eval_env.reset(seed=seed * 100_000 + episode)
            total, done = 0.0, False
            while not done:
                action, _ = model.predict(observation, deterministic=True)
                observation, reward, terminated, truncated, _ = eval_env.step(action)
                total += float(reward)
                done = terminated or truncated
            returns.append(total)
        return returns

    class Watch(BaseCallback):
        """Evaluates, and reports where the run stands; the time it takes is not counted as learning."""

        newest = None
        since = time.perf_counter()

        def _on_step(self):
            step, steps, every = self.num_timesteps, train["steps"], train["evaluateEvery"]
            if step % METRICS_EVERY == 0:
                logged = self.model.logger.name_to_value
                if "train/ent_coef" in logged:
                    add("alpha", step, float(logged["train/ent_coef"]))
                say(progress={"step": step, "stepsPerSecond": step / (time.perf_counter() - start), **({} if self.newest is None else {"evalReturn": self.newest})})
            if every > 0 and step % every == 0 and step < steps:
                before = time.perf_counter()
                self.newest = statistics.fmean(evaluate(train["evaluateEpisodes"]))
                learning["seconds"] -= time.perf_counter() - before
                add("return", step, self.newest)
            return True

    start = time.perf_counter()
    model.learn(total_timesteps=train["steps"], callback=Watch(), log_interval=None)
    learning["seconds"] += time.perf_counter() - start
    returns = evaluate(max(1, train["finalEpisodes"]))
    mean = statistics.fmean(returns)
    add("return", train["steps"], mean)
    say(
        result={
            "curves": curves,
            "scalars": {
                "return": mean,
                "returnStd": statistics.stdev(returns) if len(returns) > 1 else 0.0,
                "stepsPerSecond": train["steps"] / learning["seconds"],
                "updates": model._n_updates,
            },
            "samples": {"returns": returns},
            "runtime": versions(),
        }
    )


def main():
    lacking = missing()
    if lacking:
        print(f"{sys.executable} lacks {', '.join(lacking)}; install peers/requirements.txt in it", file=sys.stderr)
        sys.exit(3)
    if sys.argv[1:] == ["--check"]:
        print(versions())
    else:
        # MuJoCo writes its log where it stands.
        os.chdir(tempfile.gettempdir())
        run(json.load(sys.stdin))


main()
