import type { Env } from '@maxent/train'
import type { Moment } from './messages.ts'

/** A pendulum that films the first episode since the film was last taken out. */
export function filmed(pendulum: Env): { readonly env: Env; takeFilm(): readonly Moment[] } {
  let film: Moment[] = []
  let episodes = 0
  return {
    env: {
      ...pendulum,
      reset: (options) => {
        episodes++
        return pendulum.reset(options)
      },
      step: (action) => {
        const result = pendulum.step(action)
        const [cosine, sine] = result.observation['proprio']
        if (episodes === 1) film.push({ angle: Math.atan2(sine, cosine), torque: action[0] })
        return result
      },
    },
    takeFilm: () => {
      const taken = film
      film = []
      episodes = 0
      return taken
    },
  }
}
