import { html, type Markup } from './html.ts'

/** What a table of a report is made of. */
interface Table {
  readonly title: string
  /** Cells of the first row, `th` each. */
  readonly head: readonly Markup[]
  /** Rows, `tr` each. */
  readonly rows: readonly Markup[]
  /** What stands below. */
  readonly description: Markup
}

/** A table as a figure as wide as the page, which scrolls where the page is narrower. */
export function tableFigure({ title, head, rows, description }: Table): Markup {
  return html`<figure class="wide">
    <figcaption>${title}</figcaption>
    <div class="scroll">
      <table>
        <tr>
          ${head}
        </tr>
        ${rows}
      </table>
    </div>
    <p class="description">${description}</p>
  </figure>`
}
