import type { Clock } from '../async/clock.ts'

/** How the health of VPP is watched. */
export interface HealthOptions {
  /** Milliseconds between probes; 0 for none. */
  readonly probeInterval: number
  /** Milliseconds that an answer to a probe may take. */
  readonly timeout: number
  /** Missed probes in a row that are tolerated. */
  readonly threshold: number
  /**
   * Missed probes in a row after which the connection is dropped, and made again where `reconnect` says so; 0 for never.
   * Unless given it is 0 for a Unix socket and 10 for other streams: the kernel reports the end of a local VPP, so one
   * that is silent is only busy, while a TCP peer whose host or network is gone is never heard of again.
   */
  readonly dropAfter: number
}

/** What watching needs, and who is notified. */
export interface HealthTarget {
  /** Clock reading of the last bytes that came, of whatever kind. */
  lastReceived(): number
  /** Sends a probe; settles when it was answered. */
  probe(): Promise<unknown>
  /** Nothing came within the time of a probe; the threshold may not be reached yet. */
  missed(): void
  /** VPP has missed more probes in a row than are tolerated; reported again with each further one. */
  notResponding(missedProbes: number): void
  /** VPP answers again. */
  responding(): void
  /** VPP has missed as many probes as a connection may; the watch has ended. */
  silent(missedProbes: number): void
}

/**
 * Watches one session. Any byte from VPP counts as life, whether it answers the probe or not; a probe is sent only
 * when nothing came since the last look, and never a second one before the first is answered: VPP queues them all.
 */
export class HealthWatch {
  readonly #options: HealthOptions
  readonly #target: HealthTarget
  readonly #clock: Clock
  #timer: NodeJS.Timeout | undefined
  #missed = 0
  #probing = false
  #lastLook: number

  constructor(options: HealthOptions, target: HealthTarget, clock: Clock) {
    this.#options = options
    this.#target = target
    this.#clock = clock
    this.#lastLook = clock.now()
    if (options.probeInterval > 0) this.#arm(options.probeInterval, this.#look)
  }

  /** Ends the watch; no timer is left. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #arm(delay: number, then: () => void): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(then, delay)
    this.#timer.unref()
  }

  readonly #look = (): void => {
    if (this.#target.lastReceived() > this.#lastLook) {
      this.#alive()
      return
    }
    if (!this.#probing) this.#probe()
    this.#arm(this.#options.timeout, this.#judge)
  }

  readonly #judge = (): void => {
    if (this.#target.lastReceived() > this.#lastLook) {
      this.#alive()
      return
    }
    this.#missed++
    this.#target.missed()
    const { threshold, dropAfter } = this.#options
    if (this.#missed > threshold) this.#target.notResponding(this.#missed)
    if (this.#missed === dropAfter) {
      this.stop()
      this.#target.silent(this.#missed)
      return
    }
    this.#arm(Math.max(1, this.#options.probeInterval - this.#options.timeout), this.#look)
  }

  #alive(): void {
    this.#lastLook = this.#clock.now()
    if (this.#missed > this.#options.threshold) this.#target.responding()
    this.#missed = 0
    this.#arm(this.#options.probeInterval, this.#look)
  }

  #probe(): void {
    this.#probing = true
    const done = () => {
      this.#probing = false
      // An answer ends a time of silence at once, not at the next look.
      if (this.#timer !== undefined && this.#missed > this.#options.threshold) this.#look()
    }
    this.#target.probe().then(done, done)
  }
}
