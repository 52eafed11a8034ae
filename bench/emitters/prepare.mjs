/** Writes texts and ts-morph's structures of all bindings of a release: node prepare.mjs INPUT FILE */
import { writeFileSync } from 'node:fs'
import { buildModel, loadSchema, renderBindings } from '@vpp-ts/binapi-generator'
import { Project } from 'ts-morph'

const [input, output] = process.argv.slice(2)
const project = new Project({ useInMemoryFileSystem: true })
const bindings = await renderBindings(buildModel(await loadSchema({ input })))
const files = bindings
  .filter(({ path }) => path.endsWith('.ts'))
  .map(({ path, text }) => ({ path, text, structure: project.createSourceFile(path, text).getStructure() }))
writeFileSync(output, JSON.stringify({ input, files }))
