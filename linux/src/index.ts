export type { SocketAddress } from './address.ts'
export { isErrno, LinuxError, type LinuxErrorCode, type LinuxErrorDetails } from './errors.ts'
export { EventFd } from './eventfd.ts'
export { Fd, type FdStat } from './fd.ts'
export { FrameDevice } from './frame-device.ts'
export { Mapping, type MappingOptions } from './mapping.ts'
export { addSeals, createMemfd, getSeals, Seal } from './memfd.ts'
export type { Credentials } from './message.ts'
export { inNetworkNamespace } from './network-namespace.ts'
export { adoptSignalContext, signalContext, type SignalContext } from './never-blocking.ts'
export { Reactor, type Interest, type Readiness, type Watch } from './reactor.ts'
export {
  SeqpacketListener,
  SeqpacketSocket,
  socketFileId,
  type ListenOptions,
  type ReceivedMessage,
} from './seqpacket.ts'
