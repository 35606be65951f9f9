"""Compares stand_in.py with Stable-Baselines3: same parameters, batches and noise, losses of 20 successive updates within 1e-4 relative.

    python check_stand_in.py    prints the largest deviation of each loss, or says where they part and ends with status 1
"""

import sys

import numpy
import torch
from stable_baselines3 import SAC
from stable_baselines3.common.logger import configure
from stable_baselines3.common.type_aliases import ReplayBufferSamples

from measure import noise_body
from stand_in import Sac

UPDATES, BATCH, TOLERANCE = 20, 256, 1e-4


class OneBatch:
    """A replay that always hands out the batch it was given."""

    def __init__(self):
        self.batch = None

    def sample(self, batch_size, env=None):
        observations, actions, rewards, following, dones = self.batch
        return ReplayBufferSamples(observations, actions, following, dones, rewards)


def main():
    torch.set_num_threads(1)
    theirs = SAC("MlpPolicy", noise_body(), policy_kwargs={"net_arch": [256, 256]}, device="cpu", seed=1)
    theirs.set_logger(configure(format_strings=[]))
    replay = theirs.replay_buffer = OneBatch()
    ours = Sac()
    ours.actor.trunk.load_state_dict(theirs.actor.latent_pi.state_dict())
    ours.actor.mean.load_state_dict(theirs.actor.mu.state_dict())
    ours.actor.log_std.load_state_dict(theirs.actor.log_std.state_dict())
    for mine, other in ((ours.critics, theirs.critic), (ours.targets, theirs.critic_target)):
        for network, name in zip(mine, ("qf0", "qf1")):
            network.load_state_dict(getattr(other, name).state_dict())

    worst = {"alpha": 0.0, "critic": 0.0, "actor": 0.0}
    generator = numpy.random.default_rng(2)
    for update in range(UPDATES):
        rows = generator.integers(0, len(ours.replay[0]), BATCH)
        batch = tuple(torch.as_tensor(column[rows]) for column in ours.replay)
        replay.batch = batch
        torch.manual_seed(update)
        theirs.train(gradient_steps=1, batch_size=BATCH)
        logged = theirs.logger.name_to_value
        torch.manual_seed(update)
        losses = ours.update(*batch)
        for name, key in (("alpha", "ent_coef_loss"), ("critic", "critic_loss"), ("actor", "actor_loss")):
            deviation = abs(losses[name] - logged[f"train/{key}"]) / max(1.0, abs(logged[f"train/{key}"]))
            worst[name] = max(worst[name], deviation)
            if deviation > TOLERANCE:
                sys.exit(f"update {update}: {name} loss is {losses[name]} here and {logged[f'train/{key}']} in Stable-Baselines3")
    print(" ".join(f"{name} {deviation:.1e}" for name, deviation in worst.items()))


main()
