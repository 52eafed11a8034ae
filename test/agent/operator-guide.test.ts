import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { expect, it, onTestFinished } from 'vitest'
import { run } from './commands.ts'
import { temporaryFolder } from './managed.ts'
import { serve } from './served.ts'

const GUIDE = fileURLToPath(new URL('../../docs/operator.md', import.meta.url))

/** What is another at every run, and what stands for it in the guide. */
const CHANGING: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z/g, '2026-06-01 12:00:00Z'],
  [/is undone in \d+ s/g, 'is undone in 120 s'],
  [/attempts: {4}\d+/g, 'attempts:    1'],
  [/(create loopback interface mac )[0-9a-f:]+/g, '$102:fe:00:00:00:01'],
  [/(create_loopback_instance .*"macAddress":")[0-9a-f:]+/g, '$102:fe:00:00:00:01'],
]

/** Words of a line of a shell, as far as the guide has such. */
function wordsOf(line: string): string[] {
  return Array.from(line.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g), ([word]) =>
    word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'),
  )
}

/** Runs a line of the guide: a command, with what is piped into it and its variables. */
async function runLine(line: string, server: string): Promise<[output: string, code: number]> {
  const [, input, command = line] = /^echo '([^']*)' \| (.*)$/.exec(line) ?? []
  const words = wordsOf(command)
  const at = words.indexOf('vpp-ts-agent')
  if (at < 0) throw new Error(`a line that this test cannot run: ${line}`)
  const env = Object.fromEntries(words.slice(0, at).map((word) => word.split(/=(.*)/s).slice(0, 2)))
  const args = words.slice(at + 1)
  const { code, both } = await run(args.includes('--server') ? args : [...args, '--server', server], {
    env,
    ...(input === undefined ? {} : { input: `${input}\n` }),
  })
  return [CHANGING.reduce((text, [found, instead]) => text.replaceAll(found, instead), both), code]
}

it('the guide for operators shows what the commands write: VPP_TS_WRITE_DOCS=1 writes it', async () => {
  await using served = await serve()
  await using folder = await temporaryFolder()
  const before = process.cwd()
  onTestFinished(() => process.chdir(before))
  process.chdir(folder.path)
  const guide = readFileSync(GUIDE, 'utf8')
  let written = ''
  let end = 0
  let last = 0
  for (const { 0: block, 1: language, 2: content = '', index } of guide.matchAll(
    /```(console|yaml)\n([^]*?)```\n/g,
  )) {
    written += guide.slice(end, index)
    end = index + block.length
    const file = /^# (\S+)\n/.exec(content)?.[1]
    if (language === 'yaml') {
      if (file !== undefined) writeFileSync(join(folder.path, file), content)
      written += block
      continue
    }
    let log = ''
    for (const line of content.split('\n').filter((it) => it.startsWith('$ '))) {
      if (line === '$ echo $?') {
        log += `${line}\n${last}\n`
        continue
      }
      const [output, code] = await runLine(line.slice(2), served.url)
      last = code
      log += `${line}\n${output}`
    }
    written += `\`\`\`console\n${log}\`\`\`\n`
  }
  written += guide.slice(end)
  const formatted = await format(written, { ...(await resolveConfig(GUIDE)), parser: 'markdown' })
  if (process.env['VPP_TS_WRITE_DOCS'] === '1') writeFileSync(GUIDE, formatted)
  else expect(guide).toBe(formatted)
})
