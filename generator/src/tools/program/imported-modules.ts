import { ts } from 'ts-morph'
import { listSources } from './list-sources.ts'
import { BindingNames } from './binding-files.ts'

/** Names of all modules whose bindings the sources below a folder import, as packages or folders spell them. */
export async function modulesImportedBy(folder: string): Promise<string[]> {
  const found = new Set<string>()
  for (const { text } of await listSources(folder)) {
    for (const { fileName } of ts.preProcessFile(text, true, true).importedFiles) {
      const name = BindingNames.nameIn(fileName)
      if (name !== undefined) found.add(name)
    }
  }
  return [...found].toSorted()
}
