/** A built page: its address from the root of the site, as `/tutorials/train.html`, and its text. */
export interface BuiltPage {
  readonly address: string
  readonly html: string
}

/**
 * Links of built pages to what the site does not have: a page, a file, or a place on a page. VitePress itself looks at pages alone.
 *
 * @param addresses All files of the site.
 * @returns A line per dead link, `page -> link`.
 */
export function deadLinks(pages: readonly BuiltPage[], addresses: ReadonlySet<string>): string[] {
  const places = new Map(pages.map(({ address, html }) => [address, new Set(attributes(html, 'id'))]))
  const isDead = (from: string, link: string): boolean => {
    const { pathname, hash } = new URL(link, `site:${from}`)
    const address = decodeURIComponent(pathname).replace(/\/$/, '/index.html')
    if (!addresses.has(address)) return true
    return hash !== '' && places.get(address)?.has(decodeURIComponent(hash.slice(1))) === false
  }
  return pages.flatMap(({ address, html }) =>
    [...new Set([...attributes(html, 'href'), ...attributes(html, 'src')])]
      .filter((link) => !/^([a-z]+:|\/\/)/.test(link) && isDead(address, link))
      .map((link) => `${address} -> ${link}`),
  )
}

/** The values of an attribute, in tags alone: a program on a page may speak of `href="..."` too, but with escaped quotation marks. */
const attributes = (html: string, name: string): string[] =>
  [...html.matchAll(new RegExp(` ${name}="([^"]*)"`, 'g'))].map(([, value = '']) =>
    value.replaceAll('&amp;', '&'),
  )
