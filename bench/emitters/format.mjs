/** A worker that formats files as this project's generated code is laid out. */
import { parentPort } from 'node:worker_threads'
import { format } from 'prettier'

const STYLE = { semi: false, singleQuote: true, printWidth: 110, trailingComma: 'all', parser: 'typescript' }

parentPort.on('message', async ({ path, text }) => {
  parentPort.postMessage({ path, text: await format(text, STYLE) }, [])
})
