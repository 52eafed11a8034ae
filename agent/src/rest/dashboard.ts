import { readFile, readdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { RouteAccess } from './guard.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}

/**
 * Serves the files of a folder, its `index.html` as `/`. They are read at the start, each gets a route of its own, and
 * so no path of a request is ever looked for on the disk.
 */
export async function serveDashboard(app: FastifyInstance, folder: string): Promise<void> {
  const config: RouteAccess = { public: true }
  for (const name of await filesOf(folder)) {
    const type = TYPES[extname(name)]
    if (type === undefined) continue
    const content = await readFile(join(folder, name))
    const url = name === 'index.html' ? '/' : `/${name}`
    app.get(url, { config, schema: { hide: true } }, (_request, reply) => reply.type(type).send(content))
  }
}

async function filesOf(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
