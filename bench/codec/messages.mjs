import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Schema } from '@vpp-ts/runtime/dynamic'
import { root } from '../../scripts/bootstrap.mjs'

const folder = join(root, 'api-json', '26.06')
const documents = readdirSync(folder, { recursive: true })
  .filter((name) => name.endsWith('.api.json'))
  .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')))
const schema = Schema.fromApiJson(documents)

export async function messageClass(_, message) {
  return schema.message(message)
}
