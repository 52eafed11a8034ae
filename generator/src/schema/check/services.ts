import { messagesOf } from '../read-module.ts'
import type { CheckContext } from './fields.ts'

/** Checks that messages have one definition each, and that services name messages of this file. */
export function checkMessagesAndServices({ module, report }: CheckContext): void {
  const names = new Set<string>()
  for (const { name, path } of module.messages) {
    if (names.has(name)) {
      report.add('duplicate-name', path, `message "${name}" is defined twice`, 'remove one of them')
    }
    names.add(name)
  }
  for (const service of module.services) {
    for (const name of messagesOf(service)) {
      if (names.has(name)) continue
      const message = `service "${service.request}" names the message "${name}", which this file does not define`
      report.add('service', service.path, message, 'define the message, or remove it from the service')
    }
  }
}
