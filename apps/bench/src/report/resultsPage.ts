import { filmScript } from './filmStrip.ts'
import { html, raw, type Markup } from './html.ts'
import type { ResultsFolder, SuiteResults } from './resultsFolder.ts'
import { resultsStyle, style } from './style.ts'
import { anchorOf, suiteSection } from './suiteSection.ts'
import { verdictBadge } from './verdictBadge.ts'

export interface PageOptions {
  readonly writtenAt: Date
  /** The command that repeats the cells of a suite. */
  readonly command: (results: SuiteResults) => string
}

/** The results of a folder as one HTML file that needs nothing beside it. */
export function renderResults(results: ResultsFolder, { writtenAt, command }: PageOptions): string {
  return page(
    'Maximum-entropy reinforcement learning: results',
    html`
      <p class="soft">Written ${writtenAt.toISOString().slice(0, 16).replace('T', ' ')} UTC.</p>
      ${verdictTable(results.suites)} ${notices(results)}
      ${results.suites.map((suite) => suiteSection(suite, command(suite)))}
    `,
  )
}

/** A page of its own with the report's look. */
export function page(title: string, body: Markup): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${raw(style + resultsStyle)}
        </style>
      </head>
      <body>
        <h1>${title}</h1>
        ${body}
        <script>
          ${raw(filmScript)}
        </script>
      </body>
    </html> `.markup
}

function verdictTable(suites: readonly SuiteResults[]): Markup {
  return html`<div class="scroll">
    <table class="verdicts">
      <tr>
        <th>suite</th>
        <th class="spare">claim</th>
        <th>verdict</th>
        <th>negative control</th>
        <th>seeds</th>
      </tr>
      ${suites.map((results) => {
        const { suite, profile, summary } = results
        return html`<tr>
          <td>
            <a href="#${anchorOf(results)}">${suite.id}</a><br /><span class="soft"
              >${suite.figure}, ${profile}</span
            >
          </td>
          <td class="spare">${summary.claim}</td>
          <td>${verdictBadge(summary.verdict)}</td>
          <td>${summary.control}</td>
          <td>${summary.seeds}</td>
        </tr>`
      })}
    </table>
  </div>`
}

/** What was found and not shown. */
function notices({ damaged, unknown }: ResultsFolder): Markup {
  const lines = [
    ...damaged.map(({ file, reason }) => `${file} holds no complete cell and was passed over: ${reason}`),
    ...Object.entries(unknown).map(
      ([suite, count]) =>
        `${suite}: ${count} cells have settings that no profile has today; they are kept and not shown`,
    ),
  ]
  return lines.length === 0
    ? raw('')
    : html`<ul class="soft">
        ${lines.map((line) => html`<li>${line}</li>`)}
      </ul>`
}
