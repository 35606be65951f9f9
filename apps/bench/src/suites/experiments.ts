/** What a paper shows, whether or not there is a suite for it yet. */
export interface Experiment {
  readonly id: string
  readonly paper: string
  readonly figure: string
  readonly claim: string
  /** The packages whose learning decides the result. */
  readonly packages: readonly string[]
}

const thesis = 'Haarnoja 2018'
const hunt = 'Hunt et al. 2018'
const tirumala = 'Tirumala et al. 2019'
const galashov = 'Galashov et al. 2020'

const packagesByPrefix: Readonly<Record<string, readonly string[]>> = {
  sql: ['@maxent/sql', '@maxent/baselines'],
  sac: ['@maxent/sac', '@maxent/baselines'],
  compose: ['@maxent/sql', '@maxent/baselines'],
  lsp: ['@maxent/lsp', '@maxent/sac', '@maxent/baselines'],
  gpi: ['@maxent/gpi-sf'],
  klh: ['@maxent/kl-hier'],
  iwpl: ['@maxent/iwpl', '@maxent/baselines'],
  iwpa: ['@maxent/iwpl', '@maxent/baselines'],
}

function experiment(id: string, [paper, figure, claim]: readonly [string, string, string]): Experiment {
  return { id, paper, figure, claim, packages: packagesByPrefix[id.split('-')[0]] ?? [] }
}

/** Every experiment of the papers, in their order. One that a suite reproduces is listed by what the suite declares. */
export const experiments: readonly Experiment[] = [
  experiment('sql-multigoal', [
    thesis,
    'fig. 3.2',
    'SQL samples reach all four goals about evenly; DDPG commits to one',
  ]),
  experiment('sql-swimmer', [
    thesis,
    'fig. 3.4, 3.5a',
    'every SQL run crosses the finish line; some DDPG runs commit backwards',
  ]),
  experiment('sql-ant-maze', [
    thesis,
    'fig. 3.5b',
    'every SQL run takes the open passage; some DDPG runs do not',
  ]),
  experiment('sql-pretrain', [
    thesis,
    'fig. 3.6, D.1',
    'max-ent pretraining covers all directions; diversity falls with alpha',
  ]),
  experiment('sql-finetune', [
    thesis,
    'fig. 3.7, 3.8',
    'fine-tuning the max-ent policy beats DDPG from scratch in hallways and the U-maze',
  ]),
  experiment('sql-reach', [
    thesis,
    'fig. 3.9',
    'on a 7-joint torque arm SQL reaches sooner than DDPG and NAF',
  ]),
  experiment('sql-stack', [thesis, 'fig. 3.10', 'the stacking policy succeeds and recovers from pushes']),
  experiment('sac-benchmark', [
    thesis,
    'fig. 4.1',
    'SAC learns every locomotion task, ahead of DDPG, PPO, SQL and TD3 on the hard ones',
  ]),
  experiment('sac-stochastic', [
    thesis,
    'fig. 4.2',
    'the stochastic policy has a smaller spread over seeds; the mean action evaluates better',
  ]),
  experiment('sac-sensitivity', [
    thesis,
    'fig. 4.3',
    'the reward scale matters much, tau over a wide range little',
  ]),
  experiment('sac-variants', [
    thesis,
    'fig. D.2',
    'hard target copies and the deterministic ablation learn too; Trust-PCL is slower',
  ]),
  experiment('sac-auto', [
    thesis,
    'fig. 5.1',
    'automatic temperature matches SAC tuned per task, with one setting',
  ]),
  experiment('sac-minitaur', [thesis, 'fig. 5.2', 'the same setting learns a Minitaur-like quadruped']),
  experiment('sac-minitaur-terrain', [
    thesis,
    'fig. 5.6',
    'the gait trained on flat ground walks slope, blocks and stairs',
  ]),
  experiment('sac-robustness', [
    thesis,
    'fig. 5.3',
    'target entropy is a far less sensitive knob than reward scale',
  ]),
  experiment('sac-entropy', [
    thesis,
    'fig. 5.4',
    'entropy meets its target early; a fixed temperature does not',
  ]),
  experiment('compose-pusher', [
    thesis,
    'tab. 6.1, fig. 6.1',
    'merged SQL policies solve the 2-D goals; NAF merges fail on some',
  ]),
  experiment('compose-extract', [
    thesis,
    'fig. 6.2',
    'extracting a policy from the summed Q is orders of magnitude cheaper than training',
  ]),
  experiment('compose-avoid', [
    thesis,
    'fig. 6.3',
    'stack and avoid combined does both; stack alone hits the obstacle',
  ]),
  experiment('compose-bounds', [
    thesis,
    'lemma 5, theorem 3',
    'the bounds hold on random tabular MDPs, and how tight they are',
  ]),
  experiment('lsp-benchmark', [
    thesis,
    'fig. 7.3',
    'one-level latent space policies are on a par with SQL, PPO, DDPG, SAC-GMM or better',
  ]),
  experiment('lsp-levels', [
    thesis,
    'fig. 7.4',
    'a second level on a frozen first beats one level, and beats one deeper flow',
  ]),
  experiment('lsp-ant-maze', [
    thesis,
    'fig. 7.5',
    'with a velocity-trained low level the sparse maze is solved',
  ]),
  experiment('gpi-tabular', [
    hunt,
    'fig. 1',
    'GPI wins on left-right, optimistic wins marginally on left-up',
  ]),
  experiment('gpi-ant', [hunt, 'fig. 2', 'GPI beats optimistic on the incompatible composite task']),
  experiment('klh-structured', [
    tirumala,
    'fig. 3',
    'KL regularisation speeds learning; hierarchy does as well as the flat prior or better',
  ]),
  experiment('klh-task-transfer', [
    tirumala,
    'fig. 5',
    'a transferred structured prior beats DISTRAL and learning anew',
  ]),
  experiment('klh-sharing', [
    tirumala,
    'fig. 6',
    'where a new skill is needed, a separate low level wins over a shared one',
  ]),
  experiment('klh-body-transfer', [
    tirumala,
    'fig. 7, 11',
    'a transferred high level with the KL reward beats learning from scratch',
  ]),
  experiment('klh-latent-prior', [tirumala, 'fig. 8', 'latent, MLP and LSTM priors all help the humanoid']),
  experiment('klh-regimes', [tirumala, 'fig. 9', 'the gain holds quasi on-policy and with one actor']),
  experiment('klh-asymmetry', [
    tirumala,
    'fig. 10',
    'transfer works only with box information at the low level and the KL',
  ]),
  experiment('klh-grid', [
    tirumala,
    'fig. 12',
    '1-step to n-step body transfer in the 8x8 grid; the KL reward points to the goal',
  ]),
  experiment('iwpl-multitask', [
    galashov,
    'fig. 1',
    'IWPL is competitive, with larger gains on harder control',
  ]),
  experiment('iwpa-standard', [
    galashov,
    'fig. 2',
    'IWPA adapts about as fast as RL2 and PEARL on 2-D navigation and half-cheetah velocity',
  ]),
  experiment('iwpa-sparse', [
    galashov,
    'fig. 3',
    'shared Q with importance weights beats DISTRAL, PEARL and RL2 on sparse tasks',
  ]),
  experiment('iwpa-low-data', [
    galashov,
    'fig. 4',
    'with few training tasks, fine-tuning the features recovers',
  ]),
  experiment('iwpl-description', [galashov, 'fig. 6', 'task descriptors matter on Move Box']),
  experiment('iwpa-ablation', [galashov, 'fig. 7', 'features without the behaviour prior fail']),
]
