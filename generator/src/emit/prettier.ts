import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { GeneratorError, reasonOf } from '../errors.ts'
import type { GeneratedFile } from './files.ts'

/** A file for a worker: text that prettier is to format with these options. */
export interface FormatTask {
  readonly index: number
  readonly path: string
  readonly text: string
  readonly options: object
}

/** What a worker gives back. */
export interface FormatDone {
  readonly index: number
  readonly text: string
}

/**
 * Formats files with prettier and the configuration that it finds for the output folder, in worker threads. Generated
 * code is laid out as prettier's own defaults of this project would have it: this is for projects with another style.
 */
export async function formatFiles(
  files: readonly GeneratedFile[],
  outputDir: string,
  jobs: number,
): Promise<GeneratedFile[]> {
  const { resolveConfig } = await import('prettier')
  const options = (await resolveConfig(join(outputDir, 'messages.ts'), { editorconfig: true })) ?? {}
  const tasks = files.map(({ path, text }, index) => ({ index, path, text, options }))
  const texts = new Map<number, string>()
  const next = () => tasks.shift()
  const workers = Math.max(1, Math.min(jobs, tasks.length))
  await Promise.all(
    Array.from({ length: workers }, () => runWorker(next, ({ index, text }) => texts.set(index, text))),
  )
  return files.map(({ path, text }, index) => ({ path, text: texts.get(index) ?? text }))
}

function runWorker(next: () => FormatTask | undefined, onDone: (done: FormatDone) => void): Promise<void> {
  const worker = new Worker(new URL('./prettier-worker.js', import.meta.url))
  return new Promise<void>((resolve, reject) => {
    const give = () => {
      const task = next()
      if (task === undefined) resolve()
      else worker.postMessage(task, [])
    }
    worker.on('message', (done: FormatDone) => {
      onDone(done)
      give()
    })
    worker.on('error', (error) => {
      reject(new GeneratorError('BINAPI_OUTPUT', `prettier failed: ${reasonOf(error)}`, { cause: error }))
    })
    give()
  }).finally(() => worker.terminate())
}
