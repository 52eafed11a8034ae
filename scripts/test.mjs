/**
 * `npm test`: sets the checkout up and runs the suites that need nothing but this machine, without those that take long.
 * `--all` runs these too, `--long` runs them alone. Other arguments go to vitest. `npm run test:vpp` runs the suites against
 * a real VPP (see test/vpp/README.md).
 */
import { bin, bootstrap, run } from './bootstrap.mjs'

bootstrap()
const CHOICES = new Set(['--all', '--long'])
const given = process.argv.slice(2)
const rest = given.filter((argument) => !CHOICES.has(argument))
// Who names a project or a file wants what is named.
const named = rest.some((argument) => argument.startsWith('--project') || argument.endsWith('.test.ts'))
const suites = given.includes('--long') ? 'long' : given.includes('--all') || named ? 'all' : 'short'
const projects = rest.some((argument) => argument.startsWith('--project')) ? [] : ['--project', '!vpp']
run(bin('vitest'), ['run', ...projects, ...rest], { env: { ...process.env, VPP_TS_SUITES: suites } })
