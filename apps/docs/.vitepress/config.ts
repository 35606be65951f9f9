import type { UserConfig } from 'vitepress'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deadLinks } from '../src/deadLinks.ts'
import { excluded, pageOf, root } from '../src/documents.ts'
import { repositoryLinks } from '../src/links.ts'
import { mathematics } from '../src/mathematics.ts'
import { sidebar } from '../src/sidebar.ts'
import { vueOfTheSite } from '../src/vueOfTheSite.ts'

const config: UserConfig = {
  title: 'maxent',
  description: 'Maximum-entropy reinforcement learning for TypeScript',
  // Documents are read where they lie.
  srcDir: root,
  srcExclude: [...excluded],
  outDir: 'dist/site',
  cacheDir: 'dist/cache',
  rewrites: pageOf,
  markdown: {
    config: (markdown) => {
      repositoryLinks(markdown)
      mathematics(markdown)
    },
  },
  vite: { plugins: [vueOfTheSite], build: { chunkSizeWarningLimit: 2_000 } },
  buildEnd: async ({ outDir }) => {
    const files = await readdir(outDir, { recursive: true })
    const pages = files.filter((file) => file.endsWith('.html'))
    const dead = deadLinks(
      await Promise.all(
        pages.map(async (file) => ({
          address: `/${file}`,
          html: await readFile(join(outDir, file), 'utf8'),
        })),
      ),
      new Set(files.map((file) => `/${file}`)),
    )
    if (dead.length > 0) throw new Error(`docs: links must lead somewhere, got\n${dead.join('\n')}`)
  },
  themeConfig: {
    nav: [
      { text: 'Tutorials', link: '/tutorials/', activeMatch: '^/tutorials/' },
      { text: 'Packages', link: '/packages/core/', activeMatch: '^/packages/' },
      { text: 'API', link: '/api/', activeMatch: '^/api/' },
      { text: 'Experiments', link: '/apps/bench/', activeMatch: '^/(apps|statistics)' },
    ],
    sidebar,
    outline: [2, 3],
    search: { provider: 'local' },
  },
}

export { config as default }
