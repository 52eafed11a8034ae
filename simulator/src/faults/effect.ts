/** What goes wrong with the answer to a request. */
export type FaultEffect =
  /** The request is neither carried out nor answered. */
  | { readonly kind: 'ignore' }
  /** The request is carried out, its answer is lost. */
  | { readonly kind: 'lose-answer' }
  /** The answer, and with it everything the client sent later, comes so much later. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** The request is not carried out; its reply says so with this `retval`. A dump is empty. */
  | { readonly kind: 'retval'; readonly retval: number }
  /** The connection is closed in place of an answer; the request is not carried out. */
  | { readonly kind: 'disconnect' }
  /** The connection is closed after so many bytes of the first frame of the answer (its header has 16). */
  | { readonly kind: 'cut'; readonly bytes: number }
  /** So many bytes of garbage stand behind every message of the answer, and are part of its frame. */
  | { readonly kind: 'trailing'; readonly bytes: number }
  /** The frames of the answer announce this length, whatever theirs is. */
  | { readonly kind: 'announce'; readonly length: number }
  /** These bytes come before the answer; they need not be a frame. */
  | { readonly kind: 'garbage'; readonly bytes: Uint8Array }
  /** The answer comes under another message id. */
  | { readonly kind: 'id'; readonly id: number }
  /** The reply is another message, with the same `retval`, as VPP answers some requests. */
  | { readonly kind: 'reply-as'; readonly name: string }
  /** Five bytes that are no frame come before the answer, as beside a descriptor that VPP passes. */
  | { readonly kind: 'fdmsg' }
  /** VPP crashes: all connections end, and nobody listens any more until `restart`. */
  | { readonly kind: 'crash' }
  /** Every message of the answer comes twice. */
  | { readonly kind: 'twice' }
  /** An event comes before every message of the answer, subscribed to or not. */
  | { readonly kind: 'event'; readonly name: string; readonly fields?: Readonly<Record<string, unknown>> }

/** When something goes wrong. */
export interface FaultRule {
  /** Wire name of the request; any when left out. */
  readonly message?: string | undefined
  /** Number of the client, counted from 1; any when left out. */
  readonly connection?: number | undefined
  /** Requests that are spared first. Default 0. */
  readonly after?: number | undefined
  /** Requests that are hit then. Default: all. */
  readonly times?: number | undefined
  readonly effect: FaultEffect
}

/** A rule in force. */
export interface Fault extends Disposable {
  readonly rule: FaultRule
  /** Requests that were hit. */
  readonly hits: number
  /** Ends it. */
  remove(): void
}
