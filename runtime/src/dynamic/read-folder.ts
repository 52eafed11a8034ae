import { parseDocument } from './parse-document.ts'
import { readFile, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { VppSchemaError } from './errors.ts'
import { Schema } from './schema.ts'

const ENDING = '.api.json'

/**
 * The API of the `.api.json` files of a folder and of the folders in it (`core/`, `plugins/`), as in
 * `/usr/share/vpp/api`.
 * @throws VppSchemaError when the folder cannot be read, has no such file, or a file is damaged
 */
export async function readSchema(folder: string): Promise<Schema> {
  const files = await listFiles(folder)
  if (files.length === 0) {
    throw new VppSchemaError(
      { module: folder, path: '' },
      `no ${ENDING} file in it or one level below; name VPP's API folder, such as /usr/share/vpp/api`,
    )
  }
  const documents = await Promise.all(files.map(readJson))
  return Schema.fromApiJson(documents, { moduleNames: files.map((file) => basename(file, ENDING)) })
}

async function listFiles(folder: string): Promise<string[]> {
  const files: string[] = []
  try {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.name.endsWith(ENDING)) files.push(join(folder, entry.name))
      else if (entry.isDirectory()) {
        const names = await readdir(join(folder, entry.name))
        files.push(...names.filter((name) => name.endsWith(ENDING)).map((it) => join(folder, entry.name, it)))
      }
    }
  } catch (error) {
    throw unreadable(folder, error)
  }
  return files.sort()
}

async function readJson(file: string): Promise<unknown> {
  try {
    return parseDocument(await readFile(file, 'utf8'))
  } catch (error) {
    throw unreadable(file, error)
  }
}

function unreadable(path: string, error: unknown): VppSchemaError {
  const reason = error instanceof Error ? error.message : String(error)
  return new VppSchemaError({ module: path, path: '' }, `cannot be read: ${reason}`, { cause: error })
}
