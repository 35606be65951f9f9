import { learningCurve } from './curve.ts'
import { filmScript, filmStrip } from './filmStrip.ts'
import { commandLines, html, raw, type Markup } from './html.ts'
import { duration, rounded, thousands } from './numbers.ts'
import type { Report, ReportRun } from './contents.ts'
import { style } from './style.ts'

/** The report as one HTML file that needs nothing beside it. */
export function renderReport(report: Report): string {
  const { title, machine, runtime, wallSeconds, finishedAt, runs, next } = report
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${raw(style)}
        </style>
      </head>
      <body>
        <h1>${title}</h1>
        <p class="facts">
          ${duration(wallSeconds)} on ${machine.cpu}, ${machine.cores} cores (${machine.platform},
          ${runtime}), finished ${finishedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC
        </p>
        ${runs.map(runSection)} ${nextSection(next)}
        <script>
          ${raw(filmScript)}
        </script>
      </body>
    </html> `.markup
}

function runSection(run: ReportRun): Markup {
  const { title, claim, learned, random, steps, seed, wallSeconds, stepsPerSecond, stateHash, command } = run
  return html`<section>
    <h2>${title}</h2>
    <p>
      <span class="verdict ${claim.holds ? 'holds' : 'fails'}">${claim.holds ? '✓ holds' : '✗ fails'}</span
      >${claim.text}: ${rounded(learned.mean)}, where random actions get ${rounded(random.mean)}.
    </p>
    <div class="grid">
      <figure>
        <figcaption>
          Return of the deterministic policy while it learns (band: one standard deviation over episodes)
        </figcaption>
        ${learningCurve(run)}
      </figure>
      <div>
        <table>
          <tr>
            <th>policy</th>
            <th>mean return</th>
            <th>std</th>
            <th>episodes</th>
          </tr>
          ${[
            { name: 'random actions', ...random },
            { name: 'learned', ...learned },
          ].map(
            ({ name, mean, std, episodes }) =>
              html`<tr>
                <td>${name}</td>
                <td>${rounded(mean)}</td>
                <td>${rounded(std)}</td>
                <td>${episodes}</td>
              </tr>`,
          )}
        </table>
        <p>
          ${thousands(steps)} steps in ${duration(wallSeconds)}, ${rounded(stepsPerSecond)} per second while
          learning. Seed ${seed}, state
          <code>${stateHash.slice(0, 16)}</code>. The same run again:
        </p>
        ${commandLines(command)}
      </div>
    </div>
    ${run.film === undefined ? raw('') : filmStrip(run.film)}
  </section>`
}

function nextSection(next: Report['next']): Markup {
  return html`<section>
    <h2>How to go on</h2>
    <dl>
      ${next.map(
        ({ command, meaning }) =>
          html`<dt>${meaning}</dt>
            <dd>${commandLines(command)}</dd>`,
      )}
    </dl>
  </section>`
}
