import { parentPort } from 'node:worker_threads'
import { format } from 'prettier'
import type { FormatDone, FormatTask } from './prettier.ts'

parentPort?.on('message', (task: FormatTask) => {
  void work(task)
})

/** A rejection ends the worker, which its owner sees as an error. */
async function work({ index, path, text, options }: FormatTask): Promise<void> {
  const done: FormatDone = { index, text: await format(text, { ...options, filepath: path }) }
  parentPort?.postMessage(done, [])
}
