import { CliCommands } from './commands.ts'
import { configurationCommands } from './configure.ts'
import { ipCommands } from './configure-ip.ts'
import { l2Commands } from './configure-l2.ts'
import { linkCommands } from './configure-links.ts'
import { serviceCommands } from './configure-services.ts'
import { featureCommands } from './show-features.ts'
import { fibCommands } from './show-fib.ts'
import { interfaceCommands } from './show-interface.ts'
import { systemCommands } from './show-system.ts'

/** The commands that the simulator knows from the start. */
export function builtInCommands(): CliCommands {
  const commands = new CliCommands()
  const all = {
    ...systemCommands,
    ...interfaceCommands,
    ...fibCommands,
    ...featureCommands,
    ...configurationCommands,
    ...l2Commands,
    ...linkCommands,
    ...ipCommands,
    ...serviceCommands,
  }
  for (const [path, command] of Object.entries(all)) commands.add(path, command)
  return commands
}
