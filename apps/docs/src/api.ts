import { join } from 'node:path'
import type { DeclarationReflection, ProjectReflection, TypeDocOptions } from 'typedoc'
import { Application, LogLevel, ReflectionKind } from 'typedoc'
import type { PluginOptions } from 'typedoc-plugin-markdown'
import { generated, root, routeOf, sourcePageOf } from './documents.ts'
import { entryPoints, packages } from './entryPoints.ts'
import { shownSources } from './sources.ts'

const options: TypeDocOptions & Partial<PluginOptions> = {
  plugin: ['typedoc-plugin-markdown'],
  name: 'API',
  outputs: [{ name: 'markdown', path: join(root, generated, 'api') }],
  readme: 'none',
  entryPoints: [...entryPoints.keys()].map((file) => join(root, file)),
  tsconfig: join(root, 'apps/docs/tsconfig.api.json'),
  basePath: root,
  // Types are checked by `pnpm check:types`.
  skipErrorChecking: true,
  disableGit: true,
  sourceLinkTemplate: '{path}',
  logLevel: LogLevel.Warn,
  packagesRequiringDocumentation: packages.map(([, { name }]) => name),
  validation: { notDocumented: true, invalidLink: true, notExported: false },
  requiredToBeDocumented: ['Class', 'Function', 'Interface', 'Method', 'TypeAlias', 'Variable'],
  router: 'member',
  entryFileName: 'index',
  excludeScopesInPaths: true,
  kindSortOrder: ['Module', 'Function', 'Class', 'Variable', 'Interface', 'TypeAlias', 'Reference'],
  groupOrder: ['Functions', 'Classes', 'Variables', 'Interfaces', 'Type Aliases', '*', 'References'],
  hidePageHeader: true,
  useCodeBlocks: true,
  sanitizeComments: true,
  indexFormat: 'table',
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  typeAliasPropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  tableColumnSettings: { hideSources: true, hideModifiers: true, hideInherited: true, hideOverrides: true },
}

/** Fields of interfaces and classes without a doc comment. Those of records in between, as the arms of a union, are told by its own. */
function bareFields(project: ProjectReflection): string[] {
  const isBare = ({ parent, comment, type, sources }: DeclarationReflection): boolean =>
    parent?.kindOf(ReflectionKind.ClassOrInterface) === true &&
    comment === undefined &&
    !(
      type?.type === 'reflection' && type.declaration.signatures?.some((signature) => signature.hasComment())
    ) &&
    sources?.some(({ fileName }) => fileName.startsWith('packages/')) === true
  return project
    .getReflectionsByKind(ReflectionKind.Property)
    .filter((field): field is DeclarationReflection => field.isDeclaration() && isBare(field))
    .map((field) => field.getFriendlyFullName())
}

/**
 * Writes the reference of every entry point, a page per export, from the doc comments.
 *
 * @throws {Error} When something public has no doc comment, or a link in a doc comment leads nowhere.
 */
export async function writeApi(): Promise<void> {
  const shown = shownSources()
  const application = await Application.bootstrapWithPlugins(options)
  const project = await application.convert()
  if (project === undefined) throw new Error('writeApi: the sources must compile, see above')
  for (const module of project.children ?? []) {
    const [source] = module.sources ?? []
    module.name = (source && entryPoints.get(source.fileName)) ?? module.name
  }
  for (const reflection of Object.values(project.reflections)) {
    if (!reflection.isDeclaration() && !reflection.isSignature()) continue
    for (const source of reflection.sources ?? []) {
      if (shown.has(source.fileName)) source.url = routeOf(sourcePageOf(source.fileName))
      else delete source.url
    }
  }
  application.validate(project)
  for (const field of bareFields(project)) application.logger.warn(`${field} has no doc comment`)
  if (application.logger.hasWarnings() || application.logger.hasErrors())
    throw new Error(
      `writeApi: everything public must be documented, ${application.logger.warningCount} warnings above, write a doc comment`,
    )
  await application.generateOutputs(project)
}
