/** Mean over seeds, with the standard deviation where it is stated. */
export interface PublishedReturn {
  readonly mean: number
  readonly std?: number
}

/** Returns that another library states of an algorithm, and how it came to them. */
export interface PublishedReturns {
  readonly label: string
  readonly source: string
  /** Versions of the environments. */
  readonly environments: string
  readonly seeds: number
  /** How a return was taken. */
  readonly protocol: string
  /** By the id of the environment here that has the same task, and by environment step. */
  readonly returns: Readonly<Record<string, Readonly<Record<number, PublishedReturn>>>>
}

const of = (mean: number, std?: number): PublishedReturn => (std === undefined ? { mean } : { mean, std })

/** SAC of Tianshou. */
export const tianshouSac: PublishedReturns = {
  label: 'Tianshou 1.1.0',
  source: 'github.com/thu-ml/tianshou, examples/mujoco/benchmark/*/result.json at v1.1.0',
  environments: "Gym 0.17 with MuJoCo 2.0: -v3, and -v2 of both inverted pendulums; here Gymnasium's -v5",
  seeds: 10,
  protocol: 'deterministic policy, 10 episodes per evaluation, 10,000 steps of uniform actions first',
  returns: {
    'half-cheetah': {
      50_000: of(4_747, 345),
      100_000: of(6_515, 514),
      200_000: of(8_208),
      300_000: of(9_059),
      500_000: of(10_410),
      1_000_000: of(12_122),
    },
    hopper: {
      50_000: of(851, 373),
      100_000: of(2_613, 991),
      200_000: of(3_234, 314),
      300_000: of(3_388),
      500_000: of(3_154, 689),
      1_000_000: of(3_532),
    },
    walker2d: {
      50_000: of(695),
      100_000: of(1_305, 795),
      200_000: of(2_531, 1_300),
      300_000: of(3_387),
      500_000: of(4_573),
      1_000_000: of(4_961),
    },
    ant: {
      50_000: of(711),
      100_000: of(1_020, 450),
      200_000: of(2_133),
      300_000: of(3_561),
      500_000: of(5_129),
      1_000_000: of(5_714),
    },
    humanoid: {
      50_000: of(574),
      100_000: of(629),
      200_000: of(768),
      300_000: of(2_045, 1_311),
      500_000: of(3_513),
      1_000_000: of(5_416),
    },
    swimmer: {
      50_000: of(40),
      100_000: of(40),
      200_000: of(42),
      300_000: of(41),
      500_000: of(41),
      1_000_000: of(44),
    },
    'inverted-pendulum': { 50_000: of(1_000), 100_000: of(1_000), 1_000_000: of(1_000) },
    'inverted-double-pendulum': { 50_000: of(9_347), 1_000_000: of(9_360) },
  },
}

/** SAC of Stable-Baselines3 with the settings of its zoo. */
export const zooSac: PublishedReturns = {
  label: 'RL Baselines3 Zoo',
  source: 'github.com/DLR-RM/rl-baselines3-zoo, benchmark.md',
  environments: 'Pendulum-v1, here the same',
  seeds: 1,
  protocol: 'deterministic policy over 150,000 steps; one run, the deviation is over episodes',
  returns: { pendulum: { 20_000: of(-157, 89) } },
}
