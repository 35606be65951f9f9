/** Markup that is safe to insert as it stands. */
export interface Markup {
  readonly markup: string
}

/** Marks text that is markup already, such as a chart. */
export function raw(markup: string): Markup {
  return { markup }
}

/** Command lines, an option with its value on one line where there is room. */
export function commandLines(commands: string): Markup {
  const options = commands.split(/ (?=--)/).map((option) => html`<span>${option}</span>`.markup)
  return raw(`<pre class="command">${options.join(' ')}</pre>`)
}

type Value = string | number | Markup | readonly Markup[]

/** A template of HTML: every value that is not {@link Markup} is escaped. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  let markup = strings[0]
  values.forEach((value, i) => (markup += render(value) + strings[i + 1]))
  return { markup }
}

function render(value: Value): string {
  if (typeof value === 'string' || typeof value === 'number') return escape(String(value))
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('')
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
