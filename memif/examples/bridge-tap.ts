import { FrameDevice } from '@vpp-ts/linux'
import { createMemif, FrameBridge, logEvents } from '@vpp-ts/memif'
import { exampleCommand, interfaceOptions, untilStopped, type ExampleOptions } from './example.ts'

/** Joins a memif interface to the TAP device `vpp-ts0`, which goes with the program. */
function main(options: ExampleOptions): void {
  const memif = createMemif(interfaceOptions(options, 'bridge-tap'))
  logEvents(memif, console)
  const device = FrameDevice.tap('vpp-ts0')
  const bridge = new FrameBridge(memif, device)
  untilStopped().addEventListener('abort', () => {
    console.log(bridge.counters)
    bridge.close()
    device.close()
    memif.close()
  })
}

exampleCommand('bridge-tap', 'Joins a memif interface to a TAP device of Linux.', (socket, slave) => [
  `create memif socket id 1 filename ${socket}`,
  `create interface memif id 1 socket-id 1 ${slave ? 'master' : 'slave'} secret secret`,
  'set interface ip address memif1/1 192.168.1.1/24',
  'set interface state memif1/1 up',
])
  .action(main)
  .parse()
