import { expect, it } from 'vitest'
import { pageOf } from './documents.ts'
import { siteLink } from './links.ts'

it('gives every kind of document its page', () => {
  expect(
    ['README.md', 'docs/tutorials/train.md', 'packages/sac/README.md', 'packages/core/docs/stein.md'].map(
      pageOf,
    ),
  ).toEqual(['index.md', 'tutorials/train.md', 'packages/sac/index.md', 'packages/core/stein.md'])
  expect(
    ['packages/baselines/src/td3/README.md', 'apps/bench/README.md', 'apps/docs/generated/api/index.md'].map(
      pageOf,
    ),
  ).toEqual(['packages/baselines/td3/index.md', 'apps/bench/index.md', 'api/index.md'])
})

it('makes links between documents links between pages, with their places', () => {
  const from = 'docs/tutorials/train.md'
  expect(siteLink(from, 'resume.md')).toBe('/tutorials/resume')
  expect(siteLink(from, '../statistics.md')).toBe('/statistics')
  expect(siteLink(from, '../../packages/sac/README.md#config')).toBe('/packages/sac/#config')
  expect(siteLink('README.md', 'packages/core')).toBe('/packages/core/')
})

it('shows the source of what is no document', () => {
  expect(siteLink('packages/sac/README.md', 'src/critic.ts')).toBe('/source/packages/sac/src/critic-ts')
  expect(siteLink('packages/sac/README.md', 'src/discrete/')).toBe('/source/packages/sac/src/discrete')
})

it('leaves other links alone', () => {
  const links = ['https://arxiv.org/abs/1801.01290', '#config', 'mailto:a@example.org', '/api/']
  expect(links.map((link) => siteLink('README.md', link))).toEqual(links)
  expect(siteLink('apps/docs/generated/api/index.md', 'core/index.md')).toBe('core/index.md')
})
