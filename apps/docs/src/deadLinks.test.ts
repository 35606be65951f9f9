import { expect, it } from 'vitest'
import { deadLinks } from './deadLinks.ts'

const addresses = new Set([
  '/index.html',
  '/tutorials/index.html',
  '/tutorials/train.html',
  '/assets/style.css',
])
const site = (html: string): string[] =>
  deadLinks(
    [
      { address: '/tutorials/train.html', html },
      { address: '/tutorials/index.html', html: '<h1 id="tutorials">Tutorials</h1><h2 id="ü">Ü</h2>' },
    ],
    addresses,
  )

it('lets pages, folders, files, places and other sites pass', () => {
  const links = [
    '/',
    './',
    '../',
    'train.html',
    '/tutorials/#tutorials',
    './#%C3%BC',
    '#here',
    '/assets/style.css',
  ]
  const others = ['https://example.org/x', 'mailto:a@example.org', '//example.org']
  expect(
    site('<p id="here">' + [...links, ...others].map((link) => `<a href="${link}">x</a>`).join('')),
  ).toEqual([])
})

it('names pages, files and places that are not there, once each', () => {
  const html =
    '<a href="/none.html">x</a><a href="/none.html">y</a><img src="none.png"><a href="/tutorials/#none">z</a><a href="#none">z</a>'
  expect(site(html).map((line) => line.split(' -> ')[1])).toEqual([
    '/none.html',
    '/tutorials/#none',
    '#none',
    'none.png',
  ])
})
