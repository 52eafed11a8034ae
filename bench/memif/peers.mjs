import { execFile, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { root } from '../../scripts/bootstrap.mjs'
import { bufferBytes, burstOf } from './loops.mjs'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const BUILT = join(root, '.cache', 'bench')

/**
 * Who else speaks memif, each where it can be had; for the others it is said what is missing. Gives for each a function
 * that measures `{ work, bytes, queues, way }` on a socket.
 */
export function memifPeers(peers) {
  if (!peers.wanted) return []
  return [...gomemif(peers), ...npmMemif(), ...libmemif()]
}

/**
 * gomemif is in no release that the Go proxy has, so GOVPP_SOURCE names a checkout of GoVPP. Its calls for one packet
 * and those for bursts differ.
 */
function gomemif(peers) {
  const source = process.env.GOVPP_SOURCE
  if (source === undefined) return absent('gomemif', 'GOVPP_SOURCE does not name a checkout of GoVPP')
  const extras = join(source, 'extras')
  if (!existsSync(join(extras, 'gomemif'))) return absent('gomemif', `${extras} has no gomemif`)
  if (!peers.have('go', 'go', ['version'])) return []
  const workspace = join(BUILT, 'gomemif')
  mkdirSync(workspace, { recursive: true })
  const uses = [join(root, 'bench', 'govpp'), join(HERE, 'gomemif'), extras]
  writeFileSync(join(workspace, 'go.work'), `go 1.25.0\n\nuse (\n${uses.join('\n')}\n)\n`)
  const program = join(workspace, 'memif')
  const { status } = spawnSync('go', ['build', '-o', program, '.'], {
    cwd: join(HERE, 'gomemif'),
    env: { ...process.env, GOWORK: join(workspace, 'go.work') },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (status !== 0) return absent('gomemif', 'it does not compile')
  const peer = peers.start('gomemif', program, [])
  const measureWith =
    (way) =>
    ({ work, bytes, queues }, socket, milliseconds) =>
      peer.measure({
        case: `${work}/${way}`,
        length: bytes,
        buffer: bufferBytes(bytes),
        burst: burstOf(work, bytes),
        queues,
        socket,
        milliseconds,
      })
  return [
    { name: 'gomemif', can: () => true, measure: measureWith('packet') },
    // Its Tx_burst overruns a ring that gets full.
    { name: 'gomemif burst', can: ({ work }) => work !== 'sent', measure: measureWith('burst') },
  ]
}

/**
 * The npm package `memif` is compiled against an installed libmemif, which LIBMEMIF may name: MEMIF_NPM names its folder.
 * One queue is all it has.
 */
function npmMemif() {
  const folder = process.env.MEMIF_NPM
  if (folder === undefined) return absent('npm memif', 'MEMIF_NPM does not name its folder')
  if (!existsSync(join(folder, 'build', 'Release', 'memif-native.node')))
    return absent('npm memif', `${folder} is not compiled`)
  const program = [join(HERE, 'npm-peer.mjs'), folder]
  const libraries = process.env.LIBMEMIF && join(process.env.LIBMEMIF, 'lib')
  const env = libraries === undefined ? process.env : { ...process.env, LD_LIBRARY_PATH: libraries }
  return [
    {
      name: 'npm memif',
      can: ({ queues }) => queues === 1,
      measure: ({ work, bytes }, socket, milliseconds) =>
        once(process.execPath, [...program, socket, work, bytes, milliseconds], { env }),
    },
  ]
}

/** VPP's own C library: LIBMEMIF names the folder that has `include/libmemif.h` and `lib/libmemif.so`. */
function libmemif() {
  const folder = process.env.LIBMEMIF
  if (folder === undefined) return absent('libmemif', 'LIBMEMIF does not name where it is installed')
  const [include, library] = [join(folder, 'include'), join(folder, 'lib')]
  mkdirSync(BUILT, { recursive: true })
  const program = join(BUILT, 'memif-c')
  const flags = ['-O2', `-I${include}`, join(HERE, 'c', 'memif.c'), '-o', program]
  const { status } = spawnSync('cc', [...flags, `-L${library}`, `-Wl,-rpath,${library}`, '-lmemif'], {
    stdio: 'inherit',
  })
  if (status !== 0) return absent('libmemif', 'the C program does not compile')
  const measure = ({ work, bytes, queues }, socket, milliseconds) =>
    once(program, [socket, work, bytes, bufferBytes(bytes), burstOf(work, bytes), queues, milliseconds])
  return [{ name: 'libmemif (C)', can: () => true, measure }]
}

/** A program that prints OPERATIONS SECONDS. */
async function once(program, args, options) {
  const { stdout } = await promisify(execFile)(program, args.map(String), options)
  const [operations, seconds] = stdout.split(' ').map(Number)
  return { operations, seconds }
}

function absent(name, reason) {
  console.error(`${name} is absent: ${reason}`)
  return []
}
