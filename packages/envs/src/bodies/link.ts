/** How a link of an arm is joined to the one before: its hinge turns about its own z axis. */
export interface Link {
  /** Where the hinge is in the link before, m. */
  readonly pos: readonly [number, number, number]
  /** How the link is turned against the one before where the angle is 0; of any length. */
  readonly quat: readonly [number, number, number, number]
}

/** What acts on an arm from outside may know of it. */
export interface Chain {
  /** Where the arm stands, m. */
  readonly base: readonly [number, number, number]
  /** From the base on. */
  readonly links: readonly Link[]
  /** The hand in the last link. */
  readonly hand: Link
  /** Angles of the hinges where it starts, rad. */
  readonly rest: readonly number[]
}
