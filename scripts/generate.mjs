/**
 * Generates what is generated here: the messages that the runtime must know before it has read any definition
 * (runtime/src/bootstrap), the rules that the generator and `DynamicApi` share (runtime/src/dynamic/rules, a copy: neither
 * may import the other) and the bindings of the newest release (packages/). With --check it changes nothing and fails on
 * any difference.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { bin, root, run } from './bootstrap.mjs'
import { patchOf } from './release/bindings.mjs'
import { bindingsManifest } from './release/manifest.mjs'
import { newestRelease } from './releases.mjs'

const BOOTSTRAP_FILE = 'runtime/src/bootstrap/memclnt.ts'
const BOOTSTRAP_MESSAGES = [
  'sockclnt_create',
  'sockclnt_create_reply',
  'sockclnt_delete',
  'sockclnt_delete_reply',
  'control_ping',
  'control_ping_reply',
  'get_api_json',
  'get_api_json_reply',
  'memclnt_keepalive',
  'memclnt_keepalive_reply',
  'api_versions',
  'api_versions_reply',
]
const RULES = 'generator/src/rules'
const RULES_COPY = 'runtime/src/dynamic/rules'
const COPY_HEADER = '// Copied from generator/src/rules by `npm run generate`. Do not edit.'
const FIX = 'npm run generate'

const check = process.argv.includes('--check')
run(bin('tsc'), ['-b', 'generator'])
const { buildModel, checkOutput, generate, loadSchema, renderSubset, GeneratorError, formatProblem } =
  await import('../generator/dist/index.js')

const input = join(root, 'api-json', newestRelease())
const problems = [...(await bootstrapSubset()), ...sharedRules(), ...(await packages())]
for (const problem of problems) console.error(problem)
if (problems.length > 0) {
  console.error(`${problems.length} generated files are not up to date; fix them with: ${FIX}`)
  process.exitCode = 1
}

async function bootstrapSubset() {
  const model = buildModel(await loadSchema({ input, modules: ['memclnt'], strict: true }))
  const text = renderSubset(model, {
    module: 'memclnt',
    messages: BOOTSTRAP_MESSAGES,
    runtime: '../codegen/v1.ts',
  })
  return put(BOOTSTRAP_FILE, text)
}

function sharedRules() {
  return readdirSync(join(root, RULES)).flatMap((name) => {
    const text = readFileSync(join(root, RULES, name), 'utf8')
    return put(`${RULES_COPY}/${name}`, `${COPY_HEADER}\n\n${text}`)
  })
}

/** Writes a file, or tells how it differs. */
function put(file, text) {
  const path = join(root, file)
  if (readIfPresent(path) === text) return []
  if (check) return [`${file}: differs from what would be generated`]
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  return []
}

async function packages() {
  const options = {
    input,
    outputDir: join(root, 'packages'),
    strict: true,
    layout: 'packages',
    importExtension: '.ts',
    project: { extends: '../tsconfig.base.json', references: ['../runtime'] },
    manifest: bindingsManifest('packages'),
    patch: patchOf(newestRelease()),
  }
  try {
    const { counts, written, removed } = await (check ? checkOutput(options) : generate(options))
    console.log(
      `packages: ${counts.modules} modules, ${counts.messages} messages, ${counts.files} files; ` +
        `${written} written, ${removed} removed`,
    )
    return []
  } catch (error) {
    if (!(error instanceof GeneratorError) || error.code !== 'BINAPI_OUTDATED') throw error
    return error.problems.map((problem) => `packages/${formatProblem(problem)}`)
  }
}

function readIfPresent(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
