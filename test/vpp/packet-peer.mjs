import { createSocket } from 'node:dgram'
import { connect, createServer } from 'node:net'

/*
 * One end of what goes through VPP, run in a network namespace. What happens is told as lines of JSON.
 *   serve PORT…                    TCP servers that send back what they get
 *   talk ADDRESS PORT TEXT         a TCP connection that ends when TEXT has come back
 *   hear PORT…                     UDP servers that send back what they get
 *   send ADDRESS PORT[,PORT…]      datagrams to these ports in order, again and again until the last one answers
 */
const [what, ...args] = process.argv.slice(2)

function tell(it) {
  process.stdout.write(`${JSON.stringify(it)}\n`)
}

const WORK = {
  serve(...ports) {
    let closed = ports.length
    for (const port of ports) {
      const server = createServer((socket) => {
        tell({ port: Number(port), from: plain(socket.remoteAddress) })
        socket.on('error', () => {})
        socket.pipe(socket)
      })
      server.listen(Number(port), '::', () => {
        closed -= 1
        if (closed === 0) tell('ready')
      })
    }
  },

  talk(address, port, text) {
    const socket = connect(Number(port), address)
    let answer = ''
    socket.setEncoding('utf8')
    socket.on('connect', () => socket.write(text))
    socket.on('data', (data) => {
      answer += data
      if (answer.length < text.length) return
      tell({ isSame: answer === text, from: plain(socket.localAddress) })
      socket.end()
    })
  },

  hear(...ports) {
    let closed = ports.length
    for (const port of ports) {
      const socket = createSocket('udp6')
      socket.on('message', (data, { address, port: from }) => {
        tell({ port: Number(port), from: plain(address) })
        socket.send(data, from, address)
      })
      socket.bind(Number(port), () => {
        closed -= 1
        if (closed === 0) tell('ready')
      })
    }
  },

  send(address, ports) {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
    const list = ports.split(',')
    const again = setInterval(() => {
      for (const port of list) socket.send('hello', Number(port), address)
    }, 100)
    socket.on('message', (_, { port }) => {
      tell({ port })
      if (port !== Number(list.at(-1))) return
      clearInterval(again)
      socket.close()
    })
  },
}

/** An IPv4 address that came in by a socket of IPv6, as it is written. */
function plain(address) {
  return address.replace(/^::ffff:/, '')
}

WORK[what](...args)
