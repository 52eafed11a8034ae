/** Compiler options of bindings that are compiled on their own. */
const COMPILER_OPTIONS = {
  target: 'es2023',
  lib: ['es2023', 'esnext.disposable'],
  module: 'nodenext',
  strict: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  rewriteRelativeImportExtensions: true,
  skipLibCheck: true,
}

/** How the packages are compiled, where they are part of something larger. */
export interface PackagesProject {
  /** Path of a `tsconfig.json` that this one extends, seen from the output folder. */
  readonly extends?: string | undefined
  /** Folders of projects that the packages refer to. */
  readonly references?: readonly string[] | undefined
}

/**
 * `tsconfig.json` of a folder of packages. All of them are one program, and what is emitted lies beside the source:
 * 150 projects would cost about 20 s more. The packages find each other's source by `paths`, before there
 * is anything that a package manager could link.
 *
 * @param prefix what goes before the folder in the name of a package
 * @param apart whether packages have files that are imported by their own names
 */
export function packagesTsconfig(
  project: PackagesProject,
  prefix: string,
  apart: boolean,
  header: readonly string[],
): string {
  const references = project.references?.map((path) => ({ path })) ?? []
  const config = {
    ...(project.extends === undefined ? {} : { extends: project.extends }),
    compilerOptions: {
      ...(project.extends === undefined ? COMPILER_OPTIONS : {}),
      paths: { [`${prefix}*`]: ['./*/index.ts', ...(apart ? ['./*.ts'] : [])] },
      composite: true,
      declaration: true,
      sourceMap: false,
      rootDir: '.',
    },
    include: ['*/*.ts'],
    exclude: ['*/*.d.ts'],
    ...(references.length === 0 ? {} : { references }),
  }
  return `${header.map((line) => `// ${line}\n`).join('')}${JSON.stringify(config, null, 2)}\n`
}
