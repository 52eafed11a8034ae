import type { AgentConfig } from './read-config.ts'

/** A configuration as people may see it: names of files with secrets, and nothing of what is in them. */
export function configurationView({ instances, store, file, ...rest }: AgentConfig): Record<string, unknown> {
  return {
    file,
    ...rest,
    store: store.kind === 'etcd' ? { ...store, endpoints: store.endpoints.map(withoutLogin) } : store,
    instances: instances.map(({ govpp, ...instance }) => ({
      ...instance,
      socketPath: govpp.socketPath,
      statsSocketPath: govpp.statsSocketPath,
      resyncAfterReconnect: govpp.resyncAfterReconnect,
    })),
  }
}

/** `http://name:password@host` says more than it should. */
function withoutLogin(endpoint: string): string {
  return endpoint.replace(/\/\/[^/@]*@/, '//')
}
