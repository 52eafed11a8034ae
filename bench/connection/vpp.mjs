import { Ours } from './ours.mjs'

/**
 * A VPP with the usual 32 MB of statistics segment dies of 10,000 interfaces; one that has `statseg { size 512M }` may be
 * asked for them.
 */
const INTERFACES = Number(process.env.VPP_BENCH_INTERFACES ?? 1000)
const ROUTES = 100_000
const WINDOW = 512

async function withClient(path, work) {
  const client = await Ours.connect(path)
  try {
    return await work(client)
  } finally {
    await client.close()
  }
}

/** Gives a real VPP what the cases need, and takes it away again. */
export class PreparedVpp {
  name = 'vpp'
  path
  #interfaces = []
  #hasRoutes = false

  constructor(path) {
    this.path = path
  }

  /** Before the first measurement of a kind. */
  async setup(kind) {
    await withClient(this.path, async (client) => {
      if (kind === 'dump-interfaces') this.#interfaces = await client.addInterfaces(INTERFACES, WINDOW)
      if (kind === 'dump-routes') {
        await client.routes(ROUTES, WINDOW)
        this.#hasRoutes = true
      }
    })
  }

  /** After every measurement, so that the next one finds the same VPP. */
  async restore(kind, count) {
    if (kind === 'routes') await withClient(this.path, (client) => client.removeRoutes(count, WINDOW))
  }

  async close() {
    await withClient(this.path, async (client) => {
      if (this.#hasRoutes) await client.removeRoutes(ROUTES, WINDOW)
      await client.removeInterfaces(this.#interfaces, WINDOW)
    })
  }
}
