/** Learning revision by package. */
export type Revision = Readonly<Record<string, number>>

/**
 * The learning revisions of packages: what each exports as `learningRevision`.
 * @throws TypeError for a package that exports none.
 */
export async function revisionOf(packages: readonly string[]): Promise<Revision> {
  const revision: Record<string, number> = {}
  for (const name of [...packages].sort()) {
    const { learningRevision } = (await import(name)) as { readonly learningRevision?: unknown }
    if (!Number.isInteger(learningRevision)) {
      throw new TypeError(
        `revisionOf: ${name} must export an integer learningRevision, got ${String(learningRevision)}, ` +
          `which counts the changes to what it learns`,
      )
    }
    revision[name] = learningRevision as number
  }
  return revision
}

/** Whether two revisions are of the same packages with the same numbers. */
export function sameRevision(a: Revision, b: Revision): boolean {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name])
}
