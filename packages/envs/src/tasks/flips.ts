import type { Chosen } from '../chosen.ts'
import { chosen } from '../chosen.ts'

const FLIPPED = chosen(
  'end of an episode: cosine of the tilt below',
  0,
  'the thesis ends episodes against flipping over without saying when; past its side a body has flipped',
)

/** When a body has flipped over, by the cosine of its tilt: 1 upright, 0 on its side, −1 on its back. */
export const flips: { readonly chosen: readonly Chosen[]; flipped(upright: number): boolean } = {
  chosen: [FLIPPED],
  flipped: (upright) => upright < FLIPPED.value,
}
