import type { DefaultTheme } from 'vitepress'
import { entryPoints, packages } from './entryPoints.ts'
import { documents, linkedPaths, pageOf, routeOf, titleOf } from './documents.ts'

type Item = DefaultTheme.SidebarItem

const item = (file: string): Item => ({ text: titleOf(file), link: routeOf(pageOf(file)) })

/** A package, with its further documents below it. */
function packageItem(readme: string): Item {
  const folder = readme.replace(/README\.md$/, '')
  const further = documents.filter((file) => file.startsWith(folder) && file !== readme)
  return further.length === 0 ? item(readme) : { ...item(readme), collapsed: true, items: further.map(item) }
}

const tutorials = linkedPaths('docs/tutorials/README.md').filter((file) => file.startsWith('docs/tutorials/'))

const apps = documents.filter((file) => file.startsWith('apps/') && file !== 'apps/docs/README.md')

const project = [
  'CONTRIBUTING.md',
  ...documents.filter(
    (file) => /^docs\/[^/]+$/.test(file) && !['docs/statistics.md', 'docs/verdicts.md'].includes(file),
  ),
  'ROADMAP.md',
  'apps/docs/README.md',
]

/** Entry points of the reference, those of a package below its main one. */
const references: Item[] = packages.map(([, { name }]) => {
  const ids = [...entryPoints.values()].filter((id) => id === name || id.startsWith(`${name}/`))
  const link = (id: string): string => `/api/${id.replace(/^@maxent\//, '')}/`
  const further = ids.slice(1).map((id) => ({ text: id.slice(name.length), link: link(id) }))
  return { text: name, link: link(name), items: further }
})

/** What stands beside the pages: written documents, and the entry points beside the reference. */
export const sidebar: DefaultTheme.Sidebar = {
  '/api/': [{ text: 'Entry points', link: '/api/', items: references }],
  '/': [
    { text: 'Overview', link: '/' },
    { text: 'Tutorials', items: tutorials.map(item) },
    {
      text: 'Packages',
      items: documents.filter((file) => /^packages\/[^/]+\/README\.md$/.test(file)).map(packageItem),
    },
    {
      text: 'Mathematics',
      items: [
        { text: 'Notation', link: '/packages/core/#notation' },
        { text: 'Differences from the papers', link: '/differences' },
        item('docs/statistics.md'),
      ],
    },
    { text: 'Experiments', items: [...apps, 'docs/verdicts.md'].map(item) },
    { text: 'Project', items: project.map(item) },
  ],
}
