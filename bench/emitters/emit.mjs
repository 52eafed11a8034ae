/**
 * One run of a generator that emits in another way than ours does, from start to exit: definitions are read and checked, the
 * model is built, then files are emitted and formatted by prettier in worker threads, and written.
 *
 *   node emit.mjs structures|writer OUTPUT STRUCTURES [MODULE...]
 *
 * - `structures`: ts-morph's structures of our files, made before (`prepare.mjs`), are put into a project. A real emitter
 *   would have to make them from the model first.
 * - `writer`: ts-morph's CodeBlockWriter writes our files line by line, in blocks.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { buildModel, loadSchema } from '@vpp-ts/binapi-generator'

const [way, output, structures, ...modules] = process.argv.slice(2)
const WORKERS = 2

const { input, files } = JSON.parse(readFileSync(structures, 'utf8'))
buildModel(await loadSchema({ input, modules }))
const wanted = modules.length === 0 ? files : files.filter(({ path }) => modules.includes(dirname(path)))
const texts = await (way === 'structures' ? fromStructures(wanted) : fromWriter(wanted))
for (const { path, text } of await formatted(texts)) {
  mkdirSync(join(output, dirname(path)), { recursive: true })
  writeFileSync(join(output, path), text)
}

async function fromStructures(all) {
  const { Project } = await import('ts-morph')
  const project = new Project({ useInMemoryFileSystem: true })
  return all.map(({ path, structure }) => ({
    path,
    text: project.createSourceFile(path, structure).getFullText(),
  }))
}

async function fromWriter(all) {
  const { CodeBlockWriter } = await import('ts-morph')
  return all.map(({ path, text }) => {
    const writer = new CodeBlockWriter({ indentNumberOfSpaces: 2 })
    for (const line of text.split('\n')) {
      const bare = line.trimStart()
      writer.setIndentationLevel((line.length - bare.length) >> 1)
      writer.writeLine(bare)
    }
    return { path, text: writer.toString() }
  })
}

async function formatted(all) {
  const tasks = all.map((file, index) => ({ ...file, index }))
  const done = []
  await Promise.all(Array.from({ length: Math.min(WORKERS, tasks.length) }, () => work(tasks, done)))
  return done
}

function work(tasks, done) {
  const worker = new Worker(new URL('format.mjs', import.meta.url))
  return new Promise((resolve, reject) => {
    const give = () => {
      const task = tasks.shift()
      if (task === undefined) resolve()
      else worker.postMessage(task, [])
    }
    worker.on('message', (file) => {
      done.push(file)
      give()
    })
    worker.on('error', reject)
    give()
  }).finally(() => worker.terminate())
}
