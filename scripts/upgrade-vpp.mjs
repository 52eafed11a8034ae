/**
 * Takes the repository to another release of VPP:
 *
 *   node scripts/upgrade-vpp.mjs <place> [--release 26.06] [--commit HASH] [--date DATE]
 *
 * The place is a checkout of VPP, an API folder, a .tar.gz of one, VPP's .deb package, or vpp:/run/vpp/api.sock; at a release,
 * a candidate (26.10-rc1) or any commit on the way to one. The definitions go into api-json/, in place of earlier
 * candidates of the same release; packages/ and the runtime's bootstrap are generated again, versions raised, the report of
 * what has changed written to docs/upgrades/, and an entry put into CHANGELOG.md. When one of these steps fails, the
 * tree is as it was. It ends with 1, and says why, where hand-written code uses a message that changed; what it wrote
 * stays then, so that the code can be fixed.
 */
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { bin, root, run } from './bootstrap.mjs'
import { API_JSON, compareReleases, releases } from './releases.mjs'

const USAGE =
  'usage: node scripts/upgrade-vpp.mjs <place> [--release 26.06] [--commit HASH] [--date DATE] [--report FILE]'
/** Folders of hand-written code; generated files among them are left out. */
const HAND_WRITTEN = [
  'runtime',
  'config',
  'opentelemetry',
  'shm',
  'simulator',
  'http',
  'cli',
  'agent',
  'stats',
  'memif',
  'test',
  'bench',
  'scripts',
  'docs',
]
/**
 * What need not be looked at when it names the older release: what is generated, and tests, which name the release whose
 * definitions they are about; these stay.
 */
const UNCONCERNED =
  /^(?:packages\/|api-json\/|runtime\/src\/bootstrap\/|package-lock\.json|CHANGELOG\.md|docs\/(?:upgrades|examples|decisions)\/|test\/|bench\/)|\.test\.ts$|\/testing\//
/** What tells users of the newest release; a candidate is not one. */
const FOR_USERS = /\.md$/

/** Ends the process with a reason instead of a stack. */
class UpgradeError extends Error {}

try {
  const args = readArguments()
  process.chdir(root)
  await upgrade(args)
} catch (error) {
  if (!(error instanceof UpgradeError) && error?.name !== 'GeneratorError') throw error
  console.error(`upgrade-vpp: ${error.message}`)
  process.exitCode = 1
}

function readArguments() {
  const options = Object.fromEntries(
    ['release', 'commit', 'date', 'report'].map((name) => [name, { type: 'string' }]),
  )
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true })
    const [place, ...more] = positionals
    if (place !== undefined && more.length === 0)
      return { ...values, place: existsSync(place) ? resolve(place) : place }
  } catch (error) {
    console.error(`upgrade-vpp: ${error.message}`)
  }
  console.error(USAGE)
  process.exit(2)
}

async function upgrade({ place, release: stated, commit, date, report: reportPath }) {
  run(bin('tsc'), ['-b', 'generator', 'runtime'])
  const generator = await import('../generator/dist/index.js')
  const known = releases()
  const scratch = mkdtempSync(join(tmpdir(), 'upgrade-vpp-'))
  try {
    const release = stated ?? (await releaseAt(place, generator))
    const old = known.findLast((name) => compareReleases(name, release) < 0 && !isSameCycle(name, release))
    if (old === undefined)
      throw new UpgradeError(`api-json/ has no release older than ${release} to come from`)
    const newer = known.find((name) => compareReleases(name, release) > 0)
    if (newer !== undefined)
      throw new UpgradeError(`api-json/ has ${newer} already, which is newer than ${release}`)
    const upgraded = {
      old,
      release,
      generator,
      reportPath: reportPath ?? `docs/upgrades/${old}-to-${release}.md`,
    }
    const undo = keepTree(scratch, release)
    let models
    try {
      const complete = await completeLive(place, old, scratch, generator)
      importRelease(complete, { release, commit, date })
      for (const name of known.filter((other) => other !== release && isSameCycle(other, release)))
        rmSync(join(API_JSON, name), { recursive: true })
      models = await writeTree(upgraded)
    } catch (error) {
      undo()
      throw error
    }
    await judge(upgraded, models)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

async function releaseAt(place, { readInput }) {
  const version = existsSync(join(place, '.git')) ? tagOf(place) : (await readInput({ input: place })).release
  const name = /^\d+\.\d+(?:-rc\d+)?/.exec(version ?? '')?.[0]
  if (name !== undefined) return name
  throw new UpgradeError(`"${place}" does not say which release of VPP it is: state it with --release 26.06`)
}

/** The tag that a checkout of VPP is at, or comes from: v26.06, v26.10-rc0. */
function tagOf(checkout) {
  const { stdout } = spawnSync('git', ['-C', checkout, 'describe', '--tags', '--match', 'v*'], {
    encoding: 'utf8',
  })
  return stdout?.trim().replace(/^v/, '')
}

/**
 * A running VPP tells of loaded modules with messages only. The others are carried over from the release before, if
 * nothing that can be seen of them has changed.
 */
async function completeLive(place, old, scratch, { readInput, loadSchema, diffSchemas, exportFiles }) {
  if (!place.startsWith('vpp:')) return place
  const archive = join(scratch, 'live')
  const input = await readInput({ input: place })
  const live = await loadSchema({ input: place })
  const before = await loadSchema({ input: join(API_JSON, old) })
  const missing = [...before.modules.values()].filter(({ name }) => !live.modules.has(name))
  const own = new Set(missing.flatMap(({ types }) => [...types.keys()]))
  const changed = diffSchemas(before, live).types.filter(
    ({ name, changes }) =>
      own.has(name) && changes.some(({ kind }) => kind !== 'removed' && kind !== 'added'),
  )
  if (changed.length > 0) {
    const list = [...new Set(changed.map(({ name }) => name))].join(', ')
    throw new UpgradeError(
      `files that only define types have changed (${list}), and a running VPP does not tell of such files: ` +
        `take its source or its package`,
    )
  }
  for (const { path, bytes } of exportFiles(input, live))
    writeInto(archive, path.replace(/^\w+\//, ''), bytes)
  for (const { name, source } of missing)
    writeInto(archive, `${name}.api.json`, readFileSync(join(API_JSON, old, source)))
  console.log(
    `carried over from ${old}, because the running VPP does not tell of them: ${missing.map(({ name }) => name).join(', ')}`,
  )
  return archive
}

function writeInto(folder, path, bytes) {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), bytes)
}

function importRelease(place, { release, commit, date }) {
  const stated = [
    ...(commit === undefined ? [] : ['--commit', commit]),
    ...(date === undefined ? [] : ['--date', date]),
  ]
  const args = [
    'generator/bin/binapi-gen.js',
    'import',
    place,
    '--release',
    release,
    '-o',
    'api-json',
    ...stated,
  ]
  runOrFail(process.execPath, args)
}

/** True for candidates of one release, and the release itself: 26.10-rc0, 26.10-rc1, 26.10. */
function isSameCycle(a, b) {
  return packageVersion(a) === packageVersion(b)
}

/**
 * Copies what the upgrade writes into the scratch folder.
 *
 * @returns puts it all back
 */
function keepTree(scratch, release) {
  const folders = readdirSync(root).filter((name) => existsSync(join(root, name, 'package.json')))
  const written = [
    'api-json',
    'packages',
    'runtime/src/bootstrap',
    'package-lock.json',
    'CHANGELOG.md',
    'docs/upgrades',
    ...folders.map((name) => `${name}/package.json`),
  ].filter((path) => existsSync(join(root, path)))
  const kept = join(scratch, 'kept')
  for (const path of written) cpSync(join(root, path), join(kept, path), { recursive: true })
  return () => {
    for (const path of new Set([...written, 'docs/upgrades']))
      rmSync(join(root, path), { recursive: true, force: true })
    for (const path of written) cpSync(join(kept, path), join(root, path), { recursive: true })
    console.error(`upgrade-vpp: ${release} failed; all files are as they were`)
  }
}

/** All that needs no judgement: generated code, versions, report and changelog. */
async function writeTree({ old, release, generator, reportPath }) {
  const { loadSchema, diffSchemas, diffMarkdown, buildModel } = generator
  const [before, after] = [
    await loadSchema({ input: join(API_JSON, old) }),
    await loadSchema({ input: join(API_JSON, release) }),
  ]
  const report = diffSchemas(before, after)
  // Paths of this machine are nobody's business.
  const sides = {
    from: { ...report.from, source: `api-json/${old}` },
    to: { ...report.to, source: `api-json/${release}` },
  }
  writeInto(root, reportPath, diffMarkdown({ ...report, ...sides }))
  console.log(`what has changed: ${reportPath}`)
  runOrFail(process.execPath, ['scripts/generate.mjs'])
  raiseVersions(release)
  linkNewPackages()
  addChangelogEntry({ old, release, report, reportPath })
  runOrFail(bin('prettier'), ['--write', '--log-level=warn', reportPath, 'CHANGELOG.md'])
  return { report, models: [buildModel(before), buildModel(after)] }
}

/** What a person must decide. */
async function judge({ old, release, generator, reportPath }, { report, models }) {
  const broken = await usesOfChanged(report, models, generator)
  mentions(old, release)
  if (broken.length > 0)
    throw new UpgradeError(
      `hand-written code uses what has changed:\n${broken.join('\n')}\nlook at these places; ${reportPath} says what has changed`,
    )
  checkTypes(reportPath)
  console.log(`${old} → ${release}: nothing that hand-written code uses has changed in a way that breaks it`)
}

/** As `run` does, but a failure is an error: there are files to put back. */
function runOrFail(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) throw new UpgradeError(`${[command, ...args].join(' ')} ended with exit code ${status}`)
}

/** Workspaces that depend on bindings take those of the new release. */
function raiseVersions(release) {
  const version = bindingVersion(release)
  for (const folder of readdirSync(root)) {
    const path = join(root, folder, 'package.json')
    if (!existsSync(path)) continue
    const text = readFileSync(path, 'utf8')
    const raised = text.replaceAll(
      /("@vpp-ts\/binapi-(?!generator")[\w-]+": "[~^]?)\d+\.\d+\.\d+(?:-rc\d+)?"/g,
      `$1${version}"`,
    )
    if (raised !== text) {
      writeFileSync(path, raised)
      console.log(`${folder}/package.json: bindings of ${version}`)
    }
  }
  runOrFail('npm', [
    'install',
    '--package-lock-only',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ])
}

/** Links packages of new modules as npm would: the lockfile alone was brought up to date. */
function linkNewPackages() {
  for (const folder of readdirSync(join(root, 'packages'))) {
    const path = join(root, 'packages', folder, 'package.json')
    if (!existsSync(path)) continue
    const link = join(root, 'node_modules', JSON.parse(readFileSync(path, 'utf8')).name)
    if (existsSync(dirname(link)) && !existsSync(link)) symlinkSync(join('../../packages', folder), link)
  }
}

/** 26.6.0 for 26.06, 26.10.0-rc1 for a candidate: the version of the packages that were generated. */
function bindingVersion(release) {
  return `${packageVersion(release)}.0${/-rc\d+/.exec(release)?.[0] ?? ''}`
}

/** 26.6 for 26.06: what npm makes of it. */
function packageVersion(release) {
  const [, year, month] = /^(\d+)\.(\d+)/.exec(release)
  return `${Number(year)}.${Number(month)}`
}

function addChangelogEntry({ old, release, report, reportPath }) {
  const path = join(root, 'CHANGELOG.md')
  const count = (kind) =>
    report.messages.filter(({ changes }) => changes.some((change) => change.kind === kind)).length
  const changed = report.messages.filter(
    ({ crc, impact }) => crc.before && crc.after && impact === 'wire',
  ).length
  const entry =
    `- Bindings of VPP ${release} (${bindingVersion(release)}): ${report.to.messages.toLocaleString('en-US')} messages; ` +
    `since ${old} ${count('added')} are new, ${count('removed')} are gone, ${changed} have changed on the wire.\n` +
    `  [What has changed](${reportPath}).\n`
  // Of candidates, and of an earlier run.
  const others = new RegExp(
    String.raw`^- Bindings of VPP ${/^\d+\.\d+/.exec(release)[0]}(?:-rc\d+)? \(.*\n(?: .*\n)*`,
    'gm',
  )
  const text = readFileSync(path, 'utf8').replace(others, '')
  const heading = /^## .*\n\n/m.exec(text)
  if (heading === null)
    throw new UpgradeError('CHANGELOG.md has no section to put the entry into: add a heading "## …"')
  const at = heading.index + heading[0].length
  writeFileSync(path, `${text.slice(0, at)}${entry}${text.slice(at)}`)
}

/** Places of hand-written code that use a message which breaks, or whose source may not compile. */
async function usesOfChanged(report, models, { findUsage, limitToUsage, filterByImpact }) {
  const lines = []
  for (const folder of HAND_WRITTEN.filter((name) => existsSync(join(root, name)))) {
    const usage = await findUsage(join(root, folder), models)
    const { messages, services } = filterByImpact(limitToUsage(report, usage, folder), 'compile')
    for (const { name, impact, changes, via, usedIn } of messages) {
      const why = [
        ...changes.map(({ text }) => text),
        ...via.map(({ path, type }) => `${path}: type ${type} has changed`),
      ]
      lines.push(`  ${usedIn.join(', ')}: ${name} (${impact}): ${why.join('; ')}`)
    }
    for (const { name, impact, changes } of services) {
      const why = changes.map(({ text }) => text)
      lines.push(`  ${usage.messages.get(name).join(', ')}: service ${name} (${impact}): ${why.join('; ')}`)
    }
  }
  return lines
}

/** Hand-written files that name the older release, for a person to judge: defaults and documents. */
function mentions(old, release) {
  const { stdout } = spawnSync('git', ['grep', '-l', '--fixed-strings', old], { cwd: root, encoding: 'utf8' })
  const isCandidate = release.includes('-rc')
  const files = (stdout ?? '')
    .split('\n')
    .filter((path) => path !== '' && !UNCONCERNED.test(path) && !(isCandidate && FOR_USERS.test(path)))
  if (files.length > 0)
    console.log(
      `these files name ${old}; see which of them should name another release now:\n  ${files.join('\n  ')}`,
    )
}

function checkTypes(reportPath) {
  for (const args of [['-b'], ['-p', 'test', '--noEmit']]) {
    const { status, stdout } = spawnSync(bin('tsc'), args, { cwd: root, encoding: 'utf8' })
    if (status !== 0)
      throw new UpgradeError(
        `hand-written code no longer compiles (tsc ${args.join(' ')}); ${reportPath} says what has changed:\n${stdout}`,
      )
  }
}
