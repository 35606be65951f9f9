"""One SAC update in plain torch, as Stable-Baselines3 does it with its defaults: what `bench speed --peers` measures where torch is installed
and Stable-Baselines3 is not. `check_stand_in.py` compares its losses with those of Stable-Baselines3.
"""

import math

import numpy
import torch
from torch import nn

GAMMA, TAU, RATE = 0.99, 0.005, 3e-4
LOG_STD_LEAST, LOG_STD_MOST = -20.0, 2.0
# Inside the logarithm of the squash.
SQUASH_EPSILON = 1e-6
HALF_LOG_2PI = 0.5 * math.log(2 * math.pi)


def layers(inputs, hidden, outputs=None):
    """A stack of linear layers with ReLU between, and a linear output where one is asked for."""
    sizes = [inputs, *hidden]
    parts = []
    for fan_in, fan_out in zip(sizes, sizes[1:]):
        parts += [nn.Linear(fan_in, fan_out), nn.ReLU()]
    if outputs is not None:
        parts.append(nn.Linear(sizes[-1], outputs))
    return nn.Sequential(*parts)


class Actor(nn.Module):
    def __init__(self, observation, action, hidden):
        super().__init__()
        self.trunk = layers(observation, hidden)
        self.mean = nn.Linear(hidden[-1], action)
        self.log_std = nn.Linear(hidden[-1], action)

    def sample(self, observations):
        """Squashed actions with their log densities, [B, A] and [B, 1]."""
        features = self.trunk(observations)
        mean = self.mean(features)
        log_std = self.log_std(features).clamp(LOG_STD_LEAST, LOG_STD_MOST)
        noise = torch.normal(torch.zeros_like(mean), torch.ones_like(mean))
        actions = torch.tanh(mean + log_std.exp() * noise)
        log_density = -0.5 * noise.square() - log_std - HALF_LOG_2PI - torch.log(1 - actions.square() + SQUASH_EPSILON)
        return actions, log_density.sum(dim=1, keepdim=True)


class Sac:
    """SAC with twin critics and a learned temperature, and a replay of made-up transitions."""

    def __init__(self, observation=17, action=6, hidden=(256, 256), capacity=10_000):
        self.actor = Actor(observation, action, hidden)
        self.critics, self.targets = ([layers(observation + action, hidden, 1) for _ in range(2)] for _ in range(2))
        for critic, target in zip(self.critics, self.targets):
            target.load_state_dict(critic.state_dict())
        self.log_alpha = torch.zeros(1, requires_grad=True)
        self.target_entropy = -float(action)
        self.critic_parameters = [p for critic in self.critics for p in critic.parameters()]
        self.optimizers = [
            torch.optim.Adam(parameters, lr=RATE)
            for parameters in ([self.log_alpha], self.critic_parameters, self.actor.parameters())
        ]
        generator = numpy.random.default_rng(1)
        normal = lambda *shape: generator.standard_normal(shape).astype(numpy.float32)
        self.replay = (
            normal(capacity, observation),
            numpy.tanh(normal(capacity, action)),
            normal(capacity, 1),
            normal(capacity, observation),
            numpy.zeros((capacity, 1), numpy.float32),
        )

    def train(self, gradient_steps, batch_size):
        """As many updates; gives the losses of the last one."""
        losses = {}
        for _ in range(gradient_steps):
            rows = numpy.random.randint(0, len(self.replay[0]), size=batch_size)
            losses = self.update(*(torch.as_tensor(column[rows]) for column in self.replay))
        return losses

    def update(self, observations, actions, rewards, following, dones):
        alpha_step, critic_step, actor_step = self.optimizers
        own_actions, log_density = self.actor.sample(observations)
        alpha = self.log_alpha.detach().exp()
        alpha_loss = -(self.log_alpha * (log_density.detach() + self.target_entropy)).mean()
        descend(alpha_step, alpha_loss)
        with torch.no_grad():
            next_actions, next_log_density = self.actor.sample(following)
            next_inputs = torch.cat([following, next_actions], dim=1)
            least = torch.min(*(target(next_inputs) for target in self.targets))
            wanted = rewards + (1 - dones) * GAMMA * (least - alpha * next_log_density)
        inputs = torch.cat([observations, actions], dim=1)
        critic_loss = 0.5 * sum((critic(inputs) - wanted).square().mean() for critic in self.critics)
        descend(critic_step, critic_loss)
        own_inputs = torch.cat([observations, own_actions], dim=1)
        actor_loss = (alpha * log_density - torch.min(*(critic(own_inputs) for critic in self.critics))).mean()
        descend(actor_step, actor_loss)
        with torch.no_grad():
            for critic, target in zip(self.critics, self.targets):
                for new, old in zip(critic.parameters(), target.parameters()):
                    old.mul_(1 - TAU).add_(new, alpha=TAU)
        return {name: loss.item() for name, loss in (("alpha", alpha_loss), ("critic", critic_loss), ("actor", actor_loss))}


def descend(optimizer, loss):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
