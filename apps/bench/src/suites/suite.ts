import type { AnyAlgorithm } from '@maxent/core'
import type { TrainConfig, TrainResult } from '@maxent/train'
import type { PublishedReturns } from '../published/returns.ts'
import type { CellData, CellResult } from '../run/cellResult.ts'

/** An experiment of a paper: what is run, and the rule by which its claim holds or fails. One file per suite, `ID.suite.ts`. */
export interface Suite {
  readonly id: string
  readonly paper: string
  /** Figure or table, as in `fig. 5.4`. */
  readonly figure: string
  /** One sentence. */
  readonly claim: string
  /** The packages whose learning decides the result: their learning revisions are part of what a cell is. */
  readonly packages: readonly string[]
  /** The lines of the grid; a cell is one of them with one seed. */
  readonly grid: readonly Arm[]
  readonly profiles: Readonly<Partial<Record<ProfileName, Profile>>>
  readonly verdict: VerdictRule
  readonly control: NegativeControl
  readonly plots: readonly Plot[]
  /**
   * The paper's own table: dotted paths into an arm's resolved settings (`config.gamma`, `train.steps`), and `seeds`. The profile `paper` agrees
   * with it field by field; what other profiles do otherwise is listed below their verdict.
   */
  readonly paperTable: Readonly<Record<string, JsonValue>>
  /** What the table has otherwise for single arms, by their ids. */
  readonly paperRows?: Readonly<Record<string, Readonly<Record<string, JsonValue>>>>
  /** The ids of the arms that the paper's table speaks of. */
  readonly paperArms: readonly string[]
  /** Where the experiment differs from the paper in every profile, a sentence each: choices where the paper is silent included. */
  readonly differences?: readonly string[]
}

/** `smoke` proves that the pipe works, `quick` shows the claim at reduced scale, `standard` is what READMEs quote, `paper` is the paper's own. */
export const profileNames = ['smoke', 'quick', 'standard', 'paper'] as const

export type ProfileName = (typeof profileNames)[number]

/** What a JSON file can hold. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }

export type JsonRecord = Readonly<Record<string, JsonValue>>

/** How far a suite goes. */
export interface Profile {
  /** Expected minutes of one core for all cells together. */
  readonly minutes: number
  /** Seeds 1 to this number. */
  readonly seeds: number
  /** The scale, in words, as in `64x64 networks, 40,000 steps`. */
  readonly scale: string
  /** What is claimed at this scale, where it is less than what the suite claims. */
  readonly claim?: string
  /** Id of the suite that has the same arms with the same settings in this profile: they are run once, and kept there. */
  readonly cellsOf?: string
  /** The ids of those arms, where they are not all. */
  readonly sharedArms?: RegExp
  /** What an arm is changed to, `undefined` where it is left out; without it the grid runs as it stands. */
  readonly change?: (arm: Arm) => Arm | undefined
}

/** One line of the grid. */
export type Arm = TrainArm | PeerArm | UniformArm | ComputeArm

interface ArmName {
  /** Unique in the suite; letters, digits and hyphens. */
  readonly id: string
  /** As legends show it. */
  readonly label: string
  /** Seeds of its own, in place of 1 to the profile's number, which must not be judged by: those of a search, or of what is only shown. */
  readonly seeds?: readonly number[]
  /** Of the profile's seeds it takes the first so many alone. */
  readonly mostSeeds?: number
}

/** An algorithm of this project, trained on an environment. Its cells hold the curves of all metrics and of the evaluations. */
export interface TrainArm extends ArmName {
  readonly kind: 'train'
  /** Id in the registry of algorithms. */
  readonly algorithm: string
  /** Id of the environment. */
  readonly env: string
  /** Fields of the algorithm's config that are not its defaults. */
  readonly config: Readonly<Record<string, unknown>>
  /** Fields of the loop's config that are not its defaults. */
  readonly train: Partial<TrainConfig>
  /** Episodes end after so many steps, where those of the environment are longer. */
  readonly episodeSteps?: number | undefined
  /** Steps of an episode of the final policy that the cell of seed 1 keeps for pictures. */
  readonly filmSteps?: number
  /** What else is found out about what was learned. */
  readonly probe?: Probe
  /** Whether it is a result that numbers stop being finite: the cell then goes on as one that acts no more. Else it fails. */
  readonly mayDiverge?: boolean
  /** What finished cells decide. Such an arm is run once they are there. */
  readonly choice?: Choice
}

/** Settings that a search decides. Without one of the cells of the search nothing is decided, and the arm has no cells. */
interface Choice {
  /** Ids of the arms of the search: each with seeds of its own, none with a choice. */
  readonly among: readonly string[]
  /** Fields of the algorithm's config, from the finished cells of those arms; it stands over the arm's own. */
  readonly config: (cells: readonly CellResult[]) => Readonly<Record<string, unknown>>
}

/** A look at what was learned, whose findings become part of the cell. */
interface Probe {
  /** All that decides what it finds; part of what identifies the cell. */
  readonly settings: JsonRecord
  readonly run: (
    learned: LearnedArm,
  ) => Promise<Partial<Pick<CellData, 'scalars' | 'samples' | 'recordings'>>>
}

/** A learner as a run left it. */
export interface LearnedArm {
  readonly algorithm: AnyAlgorithm
  readonly state: TrainResult['state']
  /** The algorithm's, resolved. */
  readonly config: Readonly<Record<string, unknown>>
  readonly seed: number
}

/** The same task learned by another library, with the same settings. */
export interface PeerArm extends ArmName {
  readonly kind: 'peer'
  /** Stable-Baselines3. */
  readonly peer: 'sb3'
  readonly algorithm: 'sac'
  readonly env: string
  readonly config: Readonly<Record<string, unknown>>
  readonly train: Partial<TrainConfig>
}

/** Uniform actions, evaluated: nothing is learned. */
export interface UniformArm extends ArmName {
  readonly kind: 'uniform'
  /** Actions of zero in their place: standing still, where a task pays for that. */
  readonly actions?: 'zero'
  readonly env: string
  readonly episodes: number
  readonly filmSteps?: number
}

/** Anything else: exact solutions, several stages of training, a search. */
export interface ComputeArm extends ArmName {
  readonly kind: 'compute'
  /** All that decides the result, beside the seed and the packages. */
  readonly settings: JsonRecord
  readonly compute: (request: ComputeRequest) => Promise<Partial<CellData>>
}

interface ComputeRequest {
  readonly settings: JsonRecord
  readonly seed: number
  /** A folder of the cell's own, kept when the cell is interrupted. */
  readonly folder: string
  /** Once it is raised, the computation keeps what it needs to go on in its folder and throws the signal's reason. */
  readonly signal: AbortSignal
  /** Steps done, of how many. */
  readonly onProgress: (step: number, steps: number) => void
  /** What a user should know of it, a line each. */
  readonly onNotice: (message: string) => void
}

/** What a rule says. At fewer seeds than it needs, `inconclusive`. */
export type Verdict = 'holds' | 'fails' | 'inconclusive'

/**
 * The rule of a claim, written down before its first result. The cells that it judges come by role, so that the same rule judges the
 * negative control, whose arms take other roles.
 */
interface VerdictRule {
  /** What is computed, in words. */
  readonly statistic: string
  /** What it must reach, in words with numbers. */
  readonly threshold: string
  /** What a failure looks like. */
  readonly fails: string
  /** At least 5. */
  readonly leastSeeds: number
  /** Whether every arm is judged by all the seeds that it has. Else seeds that another arm lacks are left out, as pairs need it. */
  readonly unpaired?: boolean
  /** Arms by role. */
  readonly roles: Roles
  /** A pure function of finished cells, sorted by arm and seed; it is asked with at least one cell in every role. */
  readonly judge: (cells: CellsByRole) => Judgement
}

/** The ids of the arms in each role. */
export type Roles = Readonly<Record<string, readonly string[]>>

export type CellsByRole = Readonly<Record<string, readonly CellResult[]>>

/** What came of a rule. */
export interface Judgement {
  readonly verdict: Verdict
  /** One sentence with the figures that decided. */
  readonly reason: string
  /** The figures, by name. */
  readonly metrics: Readonly<Record<string, Metric>>
}

/** A figure, with its 95 % interval where it has one. */
export interface Metric {
  readonly value: number
  readonly low?: number
  readonly high?: number
}

/** The mechanism switched off, or random actions: the same rule must give `fails` for it. */
interface NegativeControl {
  /** What is switched off, in words. */
  readonly meaning: string
  /** The arms that take the rule's roles. */
  readonly roles: Roles
}

/** A figure of the report. */
export type Plot =
  | PublishedPlot
  | CurvesPlot
  | SweepPlot
  | TablePlot
  | CrossTablePlot
  | HistogramPlot
  | ScatterPlot
  | LandscapePlot
  | GridPlot
  | BandRowsPlot
  | PathsPlot
  | FilmPlot

interface PlotTitle {
  readonly title: string
  /** Ids of the arms it shows, in the order of the legend. */
  readonly arms: readonly string[]
}

/** One line per arm over environment steps. */
export interface CurvesPlot extends PlotTitle {
  readonly kind: 'curves'
  /** Name of the cells' curve. A list where an arm has several lines. */
  readonly curve: string | readonly { readonly name: string; readonly title: string }[]
  /** Arms that show another curve, by id. */
  readonly curveOf?: Readonly<Record<string, string>>
  /**
   * The interquartile mean over seeds with its interval (default); the mean with the least and the largest seed, or with one standard deviation
   * over seeds, or a line per seed, where the paper draws that.
   */
  readonly over?: 'interval' | 'range' | 'deviation' | 'seeds'
  readonly y: string
  readonly scale?: 'linear' | 'log'
  /** Levels to compare with. */
  readonly levels?: readonly { readonly label: string; readonly value: number }[]
}

/**
 * A line per environment: what the last part of the runs gained for each value of a setting, on a logarithmic axis. Gains are measured from the best
 * that the suite's arms of uniform actions and of zero return there.
 */
export interface SweepPlot extends PlotTitle {
  readonly kind: 'sweep'
  /** Dotted path of the setting, as in `config.rewardScale`; its magnitude is drawn. */
  readonly setting: string
  readonly x: string
  /** Name of the cells' curve. */
  readonly curve: string
  /** Steps at the end of a run that are averaged, where they are less than its last fifth. */
  readonly lastSteps?: number
  readonly y: string
}

/** Per arm what a curve is at some steps, beside what others have published of its environment. */
export interface PublishedPlot extends PlotTitle {
  readonly kind: 'published'
  /** Name of the cells' curve. */
  readonly curve: string
  readonly steps: readonly number[]
  readonly published: readonly PublishedReturns[]
  /** How a return was taken here. */
  readonly protocol: string
}

/** A row per arm, a column per scalar with its interval. */
export interface TablePlot extends PlotTitle {
  readonly kind: 'table'
  readonly columns: readonly { readonly scalar: string; readonly title: string }[]
}

/** A row per task and a column per arm: means over seeds of a scalar and of its spread over episodes. */
export interface CrossTablePlot extends PlotTitle {
  readonly kind: 'crossTable'
  /** Names of scalars. */
  readonly rows: readonly { readonly title: string; readonly mean: string; readonly deviation: string }[]
  /** What the numbers are. */
  readonly of: string
}

/** How the samples of all seeds are spread, one panel per arm. */
export interface HistogramPlot extends PlotTitle {
  readonly kind: 'histogram'
  /** Name of the cells' samples. */
  readonly samples: string
  readonly x: string
  readonly bins?: number
}

/** A point per sample, or per cell where the names are those of scalars; a mark per arm. */
export interface ScatterPlot extends PlotTitle {
  readonly kind: 'scatter'
  readonly x: { readonly name: string; readonly title: string }
  readonly y: { readonly name: string; readonly title: string }
  /** What of which arm has a mark of its own, in place of one mark per arm: names as those of `x` and `y`. */
  readonly series?: readonly {
    readonly title: string
    readonly arm: string
    readonly x: string
    readonly y: string
  }[]
  /** What stands in the plane. */
  readonly lines?: readonly (StraightLine & { readonly title: string })[]
}

/** Panels of a number over a square of the plane, as level curves, with places in it, from the first seed of the first arm. */
export interface LandscapePlot extends PlotTitle {
  readonly kind: 'landscape'
  /** Names of samples: the number at the middle of every cell of [−1, 1]², the second coordinate the fastest; the places' coordinates. */
  readonly panels: readonly {
    readonly title: string
    readonly values: string
    readonly x: string
    readonly y: string
  }[]
  readonly x: string
  readonly y: string
}

/** A square grid world per arm, of its first seed: colours for numbers of its places, arrows for the moves of its policy. */
export interface GridPlot extends PlotTitle {
  readonly kind: 'grid'
  /** By arm: the samples with a number per place, row by row from below, and what they are. Those of one title share a scale. */
  readonly colors: readonly { readonly samples: string; readonly title: string }[]
  /** Name of the samples with the probability of every move, place by place. */
  readonly policy: string
  /** Where the moves lead, right and up. */
  readonly moves: readonly (readonly [number, number])[]
}

/** A column per arm and a row per seed: the band between two curves over environment steps. */
export interface BandRowsPlot extends PlotTitle {
  readonly kind: 'bandRows'
  /** Names of the cells' curves. */
  readonly low: string
  readonly high: string
  readonly y: string
  /** Levels to compare with. */
  readonly levels: readonly { readonly label: string; readonly value: number }[]
}

/** A straight line in the plane. */
interface StraightLine {
  readonly from: readonly [x: number, y: number]
  readonly to: readonly [x: number, y: number]
}

/** A column per arm and a row per seed: paths in the plane. */
export interface PathsPlot extends PlotTitle {
  readonly kind: 'paths'
  /**
   * Begins the names of the samples: `.x` and `.y` of all places, path after path, and `.lengths`, how many places each path has. A list where an
   * arm has several columns.
   */
  readonly samples: string | readonly { readonly name: string; readonly title: string }[]
  /** What stands in the plane. */
  readonly lines?: readonly (StraightLine & { readonly title: string })[]
  readonly x: string
  readonly y: string
}

/** The recorded episodes of the arms, as pictures. */
export interface FilmPlot extends PlotTitle {
  readonly kind: 'film'
  /** Id of the environment, which decides the camera. */
  readonly env: string
  /** Name of the cells' recording; `final` when absent. */
  readonly recording?: string
}
