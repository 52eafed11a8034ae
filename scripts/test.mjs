/**
 * `npm test`: sets the checkout up and runs every suite that needs nothing but this machine. Arguments go to
 * vitest. `npm run test:vpp` runs the suites against a real VPP (see test/vpp/README.md).
 */
import { bin, bootstrap, run } from './bootstrap.mjs'

bootstrap()
const given = process.argv.slice(2)
const chosen = given.some((argument) => argument.startsWith('--project')) ? [] : ['--project', '!vpp']
run(bin('vitest'), ['run', ...chosen, ...given])
