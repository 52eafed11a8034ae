import { readFile, readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { extname, join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { RouteAccess } from '../web/route-access.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}

/** Files of packages under names that the page knows: browsers do not find packages. */
const PACKAGED: Readonly<Record<string, string>> = {
  'uplot.css': 'uplot/dist/uPlot.min.css',
  'dist/uplot.js': 'uplot/dist/uPlot.esm.js',
}

/**
 * Serves the files of a folder, its `index.html` as `/`. They are read at the start, each gets its own route, and
 * so no path of a request is ever looked for on the disk.
 */
export async function serveDashboard(app: FastifyInstance, folder: string): Promise<void> {
  const { resolve } = createRequire(import.meta.url)
  for (const name of await filesOf(folder)) await serveFile(app, name, join(folder, name))
  for (const [name, path] of Object.entries(PACKAGED)) await serveFile(app, name, resolve(path))
}

async function serveFile(app: FastifyInstance, name: string, path: string): Promise<void> {
  const config: RouteAccess = { public: true }
  const type = TYPES[extname(name)]
  if (type === undefined) return
  const content = await readFile(path)
  const url = name === 'index.html' ? '/' : `/${name}`
  app.get(url, { config, schema: { hide: true } }, (_request, reply) => reply.type(type).send(content))
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
