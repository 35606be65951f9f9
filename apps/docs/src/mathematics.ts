import katex from '@vscode/markdown-it-katex'
import type { MarkdownRenderer } from 'vitepress'

/** A markdown-it plugin: `$...$` and `$$...$$` become formulae, when the site is built. A formula that KaTeX cannot read fails the build. */
export function mathematics(markdown: MarkdownRenderer): void {
  katex.default(markdown, { throwOnError: true })
  // Pages are Vue templates: braces of a formula are no expressions.
  for (const rule of ['math_inline', 'math_inline_block', 'math_inline_bare_block', 'math_block']) {
    const render = markdown.renderer.rules[rule]
    if (render === undefined) continue
    markdown.renderer.rules[rule] = (...args) => render(...args).replace(/^(\s*)<(span|p)/, '$1<$2 v-pre')
  }
}
