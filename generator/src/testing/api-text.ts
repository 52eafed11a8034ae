import { importText } from '../idl/index.ts'
import { checkInput } from '../schema/check-input.ts'
import type { Schema } from '../schema/module.ts'
import { loadShapeCheck } from '../schema/validate.ts'

const shapeCheck = loadShapeCheck()

/** Definitions written in the API language, by path below the source root: with the CRCs that VPP would compute. */
export async function schemaOfApi(files: Readonly<Record<string, string>>): Promise<Schema> {
  const { modules } = importText(new Map(Object.entries(files)))
  const documents = modules.map(({ module, origin, path, text }) => ({
    source: `${origin}/${module}.api.json`,
    file: path,
    bytes: Buffer.from(text),
  }))
  return checkInput(
    { files: documents, release: undefined, label: 'memory' },
    {
      strict: true,
      shapeCheck: await shapeCheck,
    },
  )
}
