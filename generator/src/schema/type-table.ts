import type { SchemaType } from './module.ts'
import type { FileReport } from './report.ts'

/** The types of one file by name. Imports over two paths list a type twice; the repeat must be the same. */
export class TypeTable {
  readonly types = new Map<string, SchemaType>()
  readonly #report: FileReport

  constructor(report: FileReport) {
    this.#report = report
  }

  /** Adds a type, or checks that it repeats what is there. */
  add(type: SchemaType): void {
    const known = this.types.get(type.name)
    if (known === undefined) {
      this.types.set(type.name, type)
    } else if (!sameType(known, type)) {
      this.#report.add(
        'conflicting-type',
        type.path,
        `type "${type.name}" is defined with different content at ${known.path}`,
        'rename one of them, or generate all files from one VPP release',
      )
    }
  }
}

/** True when two types have the same layout and members. Comments and places do not count. */
export function sameType(a: SchemaType, b: SchemaType): boolean {
  return a === b || contentOf(a) === contentOf(b)
}

const contents = new WeakMap<SchemaType, string>()

function contentOf(type: SchemaType): string {
  let content = contents.get(type)
  if (content === undefined) {
    content = JSON.stringify(type, (key, value: unknown) =>
      key === 'path' || key === 'comment' ? undefined : value,
    )
    contents.set(type, content)
  }
  return content
}
