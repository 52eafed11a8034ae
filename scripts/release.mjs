/** `npm run release -- COMMAND`: versions, checks and publishing. docs/releasing.md has the way of a release. */
import { Command, Option } from 'commander'
import { bootstrap } from './bootstrap.mjs'

bootstrap()
const { version } = await import('./release/version.mjs')
const { problems } = await import('./release/check.mjs')
const { handWritten } = await import('./release/packages.mjs')
const { chosenReleases, makeBindings, tagsOf } = await import('./release/bindings.mjs')
const { publish } = await import('./release/publish.mjs')

const names = (text) => text.split(',')
const say = (line) => console.log(line)
const program = new Command('release').description(
  'Raises versions of the packages, checks and publishes them.',
)

program
  .command('version <bump>')
  .description(
    'raise versions (major, minor, patch or a version): all hand-written packages together, to one version',
  )
  .option('--only <names>', 'these alone, and with a patch those whose range they leave', names)
  .addHelpText(
    'after',
    '\nExamples:\n  npm run release -- version minor\n  npm run release -- version patch --only http,cli',
  )
  .action((bump, options) => version(bump, options))

program
  .command('check')
  .description('say what speaks against publishing this commit; exit code 1 when something does')
  .action(() => refuse(problems()))

program
  .command('publish')
  .description(
    'pack and publish what the registry does not have, dependencies first; after a failure, run it again',
  )
  .option('--registry <url>', "npm's own when left out")
  .option('--dry-run', 'pack all and compare with the registry, publish nothing')
  .option('--provenance', 'with a statement of the workflow that built it')
  .addOption(
    new Option('--bindings <releases>', 'of which releases of VPP: all, none, or names with commas').default(
      'all',
    ),
  )
  .option('--modules <names>', 'only bindings of these modules and what they import', names)
  .option('--only-bindings', 'not the hand-written packages')
  .option('--unchecked', 'a commit without a tag, or with changes: for a registry of your own')
  .addHelpText(
    'after',
    '\nExamples:\n  npm run release -- publish --dry-run --bindings none\n  npm run release -- publish --provenance\n' +
      '  npm run release -- publish --only-bindings --bindings 24.10,25.02',
  )
  .action(async (options) => {
    if (options.unchecked !== true && refuse(problems())) return
    const sum = { published: 0, present: 0 }
    const add = ({ published, present }) => {
      sum.published += published
      sum.present += present
    }
    // On npm itself the package of all modules must have all of them.
    const bindings = {
      modules: options.modules,
      ...(options.unchecked === true && { meta: true }),
    }
    // The runtime first, since bindings ask for it; then bindings, which the other packages ask for.
    const ours = handWritten()
    const runtime = ours.filter(({ manifest }) => manifest.name === '@vpp-ts/runtime')
    if (options.onlyBindings !== true) add(await publish(runtime, { ...options, say }))
    for (const release of chosenReleases(options.bindings)) {
      console.log(`bindings of VPP ${release} …`)
      add(
        await publish(await makeBindings(release, bindings), {
          ...options,
          tags: tagsOf(release),
          say,
        }),
      )
    }
    if (options.onlyBindings !== true) {
      add(
        await publish(
          ours.filter((one) => !runtime.includes(one)),
          { ...options, say },
        ),
      )
    }
    console.log(`${sum.published} published, ${sum.present} were there`)
  })

try {
  await program.parseAsync()
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}

/** Says what speaks against it. */
function refuse(reasons) {
  for (const reason of reasons) console.error(reason)
  if (reasons.length > 0) process.exitCode = 1
  return reasons.length > 0
}
