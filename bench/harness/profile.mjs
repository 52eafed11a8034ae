import { writeFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { join } from 'node:path'

/** Runs the first subject, which is ours, under V8's profiler. */
export async function profileCase({ name, subjects }, milliseconds, folder) {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: 100 })
  await session.post('Profiler.start')
  await subjects[0].measure(milliseconds)
  const { profile } = await session.post('Profiler.stop')
  session.disconnect()
  const path = join(folder, `${name.replaceAll('/', '-')}.cpuprofile`)
  writeFileSync(path, JSON.stringify(profile))
  console.log(`  profile: ${path}`)
}
