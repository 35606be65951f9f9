import { globSync, readFileSync } from 'node:fs'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { chosenTable, markdown } from '../scripts/chosenTable.ts'
import { generalChosen, listEnvs } from './index.ts'

const folder = new URL('.', import.meta.url)

/** What runs environments, whatever they are; its numbers are not theirs. */
const MACHINERY =
  /^(mujoco|wrappers|render|witnesses)\/|^(episodes|index|diagnostics|bareLoop|checkEnv|vectorEnv)\.ts$|\.test\.ts$/

/** Calls whose numbers are sizes and places in arrays, or the names of random streams. */
const STRUCTURE = new Set(['subarray', 'slice', 'set', 'part', 'normal', 'uniform', 'integers', 'foldIn'])

/** Numbers of a source text that no `source:` covers and that no `chosen(...)` declares, as `line: text`. */
function undeclared(text: string): string[] {
  const file = ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest, true)
  const found: string[] = []
  const [first] = file.statements
  if (ts.isImportDeclaration(first) && says(text.slice(0, first.getStart()))) return found
  let paragraph = ''
  for (const statement of file.statements) {
    const before = text.slice(statement.getFullStart(), statement.getStart())
    const gap = before.lastIndexOf('\n\n')
    paragraph = gap === -1 ? paragraph + before : before.slice(gap)
    if (!says(paragraph)) visit(statement, constant(statement))
  }
  return found

  function visit(node: ts.Node, named: boolean): void {
    if (ts.isNumericLiteral(node)) {
      if (!exempt(node, named))
        found.push(
          `${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${node.parent.getText()}`,
        )
      return
    }
    if (ts.isCallExpression(node) && node.expression.getText() === 'chosen') return
    if (
      ts.isObjectLiteralExpression(node) &&
      node.properties.some((p) => /^(source|rewardSource)$/.test(p.name?.getText() ?? ''))
    )
      return visitFunctions(node, named)
    if (ts.isPropertyAssignment(node) && node.name.getText() === 'paint') return
    if (says(text.slice(node.getFullStart(), node.getStart()))) return
    ts.forEachChild(node, (child) => visit(child, named))
  }

  /** A field `source` covers the data beside it, and not what functions do. */
  function visitFunctions(node: ts.Node, named: boolean): void {
    ts.forEachChild(node, (child) =>
      ts.isFunctionLike(child) ? visit(child, named) : visitFunctions(child, named),
    )
  }
}

/** A source, or sizes and places in arrays of the code, which are no numbers of an environment. */
const says = (comment: string): boolean => /\b(source|layout): \S/.test(comment)

/** Whether a statement gives a name in capitals to a value, which is then a number of the environment however small. */
const constant = (statement: ts.Statement): boolean =>
  ts.isVariableStatement(statement) &&
  statement.declarationList.declarations.every(({ name }) => /^[A-Z][A-Z0-9_]*$/.test(name.getText()))

/** Whether a number says nothing about an environment: dimensions, halves, signs, squares, indices, sizes, degrees. */
function exempt(node: ts.NumericLiteral, named: boolean): boolean {
  if (node.text === '0') return true
  const { parent } = node
  const list = ts.isPrefixUnaryExpression(parent) ? parent.parent : parent
  if (ts.isArrayLiteralExpression(list) && list.elements.every((entry) => /^-?[01]$/.test(entry.getText())))
    return true
  if (ts.isElementAccessExpression(parent)) return true
  if (ts.isBinaryExpression(parent)) {
    if (parent.operatorToken.kind === ts.SyntaxKind.AsteriskAsteriskToken && parent.right === node)
      return true
    const sum = ['+', '-'].includes(parent.operatorToken.getText()) && parent.right === node
    if (sum && node.text === '1') return true
    if (/\.length$/.test(parent.right.getText())) return true
    if (parent.operatorToken.kind === ts.SyntaxKind.SlashToken && node.text === '2') return true
    if (/Math\.PI/.test(parent.getText())) return node.text === '180' || node.text === '2'
  }
  if (ts.isNewExpression(parent)) return true
  // An option that the name of the environment tells.
  if (ts.isPropertyAssignment(parent.parent) && parent.parent.name.getText().includes(`-${node.text}`))
    return true
  if (ts.isCallExpression(parent) && STRUCTURE.has(parent.expression.getText().split('.').at(-1) ?? ''))
    return true
  return !named && [0, 1, 2, 3, 0.5].includes(Number(node.text))
}

/** The declarations of a source text, as the texts of their names. */
function declared(text: string): string[] {
  const file = ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest, true)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'chosen') {
      const [name] = node.arguments
      found.push(ts.isStringLiteralLike(name) ? name.text : name.getText())
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

const read = (file: string): string => readFileSync(new URL(file, folder), 'utf8')

describe('numbers of environments', () => {
  const files = globSync('**/*.ts', { cwd: folder }).filter((file) => !MACHINERY.test(file))
  const listed = [...generalChosen, ...listEnvs().flatMap((env) => env.chosen)]

  it.each(files)('%s says of every number where it comes from', (file) => {
    expect(
      undeclared(read(file)),
      'put them under a comment with "source: ..." ("layout: ..." for sizes and places in arrays), or declare them with chosen(...)',
    ).toEqual([])
  })

  it.each(files)('%s declares as chosen what an environment lists, with a reason', (file) => {
    const names = listed.map(({ name }) => name)
    for (const name of declared(read(file))) expect(names).toContain(name)
  })

  it('have a value and a reason each', () => {
    for (const { name, value, reason } of listed) {
      expect(name).not.toBe('')
      expect(value).not.toBe('')
      expect(reason.length, name).toBeGreaterThan(10)
    }
  })

  it('and everything chosen stands in the README: run scripts/readme.ts', () => {
    const cells = (line: string): string =>
      line
        .replace(/\s*\|\s*/g, '|')
        .replace(/-+/g, '-')
        .trim()
    const lines = readFileSync(new URL('../README.md', folder), 'utf8').split('\n').map(cells)
    const from = lines.indexOf('<!- chosen ->')
    const part = lines.slice(from + 1, lines.indexOf('<!- end of chosen ->')).filter((line) => line !== '')
    expect(part).toEqual(markdown(chosenTable()).split('\n').map(cells))
  })
})

describe('the check of numbers', () => {
  it('finds what nobody declares', () => {
    expect(undeclared('const WIDTH = 1')).toEqual(['1: WIDTH = 1'])
    expect(undeclared('/** Some width. */\nconst WIDTH = 4')).toEqual(['2: WIDTH = 4'])
    expect(undeclared('export const body = { timestep: 0.01 }')).toEqual(['1: timestep: 0.01'])
    expect(undeclared('const f = (x: number) => 7 * x')).toEqual(['1: 7 * x'])
    expect(undeclared('/** source: a paper. */\nconst A = 4\n\nconst B = 5')).toEqual(['4: B = 5'])
    expect(undeclared("const A = { source: 'x', bind: () => 7.3 }")).toEqual(['1: () => 7.3'])
    expect(undeclared("const a = { source: 'x', b: { bind() { return 7 } } }")).toEqual(['1: return 7'])
  })

  it('takes a source, a choice, and what is no number of an environment', () => {
    expect(undeclared('/** source: a paper. */\nconst A = 4\n/** Its depth. */\nconst B = 5')).toEqual([])
    expect(undeclared("const A = chosen('width', 4, 'wide enough')")).toEqual([])
    expect(undeclared("export const body = { source: 'a paper', timestep: 0.01 }")).toEqual([])
    expect(undeclared('const f = (x: number[]) => 0.5 * x[7] ** 4 + new Float64Array(9).length')).toEqual([])
    expect(undeclared('const DEGREE = Math.PI / 180')).toEqual([])
    expect(undeclared('/** source: a paper. */\n\nimport a from "b"\nconst A = 4')).toEqual([])
  })
})
