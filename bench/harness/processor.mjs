import { readFileSync, readdirSync } from 'node:fs'

/** Seconds of processor time that all threads of a process have had; undefined where the system does not say. */
export function processorOf(pid) {
  const folder = `/proc/${pid}/task`
  try {
    const nanoseconds = readdirSync(folder).map((thread) =>
      Number(readFileSync(`${folder}/${thread}/schedstat`, 'utf8').split(' ')[0]),
    )
    return nanoseconds.reduce((sum, value) => sum + value, 0) / 1e9
  } catch {
    return undefined
  }
}
