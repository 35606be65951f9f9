import type { Verdict } from '../suites/suite.ts'
import { html, type Markup } from './html.ts'

const marks: Readonly<Record<Verdict, string>> = {
  holds: '✓ holds',
  fails: '✗ fails',
  inconclusive: '? inconclusive',
}

/** A verdict in a frame: solid, dashed or dotted, so that it is told in black too. */
export function verdictBadge(verdict: Verdict): Markup {
  return html`<span class="verdict ${verdict}">${marks[verdict]}</span>`
}
