/**
 * `npm start`: sets the checkout up, generates the bindings of every VPP module, proves the codec on a real
 * message and then takes a tour through a VPP: the one behind VPP_API_SOCKET, or the embedded simulator.
 */
import { join } from 'node:path'
import { bootstrap, root, run } from './bootstrap.mjs'

bootstrap()
run(process.execPath, [join(root, 'scripts', 'generate.mjs')])
// Generated sources may have changed; nothing to do otherwise.
bootstrap()

const { tour } = await import('./tour.mjs')
await tour(process.env.VPP_API_SOCKET)
