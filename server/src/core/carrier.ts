import type { DocumentText } from '@concord/ot'
import type { Ack, ClientFrame, ClientPresence, ContentHash, Open, Reject, ServerFrame, ServerPresence, Submit, WireError } from '@concord/protocol'
import type { DocumentKey, Identity } from '../ports/index.ts'

/**
 * The seam between carriers (bidi stream, WebSocket, Watch + Submit, the simulator's links) and the core. A session
 * neither knows nor cares what carries it. Nothing here rejects or throws: failure is a value, because a raw handler
 * that throws leaves its response hanging.
 *
 * Delivery is pulled: the core calls `wake` when something became due, at most once until the next `pull`; the carrier
 * pulls when its peer can take more. A slow reader therefore costs one integer, its cursor.
 */
export interface SessionHub {
  /** Opens a session (R2). The first frame to pull is `opened`. Resolves with an error when it cannot be opened. */
  open(identity: Identity, open: Open, wake: () => void): Promise<SessionHandle | OpenFailure>

  /** A submit outside its stream (`Submit`): decided when it resolves. */
  submit(identity: Identity, document: string, submit: Submit): Promise<SubmitDecision>
}

export interface OpenFailure {
  readonly kind: 'failure'
  readonly error: WireError
}

export type SubmitDecision =
  | { readonly kind: 'ack'; readonly ack: Ack }
  | { readonly kind: 'reject'; readonly reject: Reject }
  | { readonly kind: 'failure'; readonly error: WireError }

export interface SessionHandle {
  readonly kind: 'session'
  /** Takes one frame of the client. An `open` after the first is an error that ends the session. `refresh` is verified by the carrier, which then calls `renew`. */
  receive(frame: ClientFrame): void
  /** The same user's fresh identity. */
  renew(identity: Identity): void
  /** The frames that are due, in order, until about `maxBytes` (always at least one when any is due). Calls for `wake` again once it returned less than that. */
  pull(maxBytes: number): readonly SharedFrame[]
  /** Set once the session is over; the carrier pulls what is left, then ends the stream with it. `done`: closed by the client. */
  readonly ended: WireError | 'done' | undefined
  /** The carrier is gone. Idempotent. */
  close(): void
}

/** A frame as a value, with its encodings made once on first use and shared by every subscriber. */
export interface SharedFrame {
  readonly value: ServerFrame
  /** Encoded `SyncResponse` (= `WatchResponse` = `SocketServerMessage`). */
  message(): Uint8Array
  /** The same behind the 5-byte prefix (flags 0, length) that Connect, gRPC and gRPC-web share. */
  enveloped(): Uint8Array
}

/** Makes shared frames; handed to the core by compose, because bytes are the codec's business. */
export type FrameFactory = (value: ServerFrame) => SharedFrame

export interface PresenceHub {
  open(identity: Identity, open: Extract<ClientPresence, { kind: 'open' }>, wake: () => void): Promise<PresenceHandle | OpenFailure>
  /** A state or beat outside its stream (`UpdatePresence`). */
  update(identity: Identity, document: string, clientId: string, message: ClientPresence): WireError | undefined
}

export interface PresenceHandle {
  readonly kind: 'presence'
  receive(message: ClientPresence): void
  renew(identity: Identity): void
  /** What changed since the last pull, coalesced; `undefined` when nothing did. */
  pull(): ServerPresence | undefined
  readonly ended: WireError | 'done' | undefined
  close(): void
}

/** What unary services need of documents that may be open. */
export interface DocumentAccess {
  /** Content at the head (or at `version`), from memory or loaded; the text is a snapshot the caller may keep. */
  read(doc: DocumentKey, version?: number): Promise<DocumentState | OpenFailure>
  /** Version at the head without loading the content. */
  head(doc: DocumentKey): Promise<number>
  /** Tells running sessions; each is remembered nowhere else. */
  titleChanged(doc: DocumentKey, title: string): void
  roleChanged(doc: DocumentKey, userId: string): void
  deleted(doc: DocumentKey): void
}

export interface DocumentState {
  readonly kind: 'state'
  readonly version: number
  /** Epoch that wrote `version`. */
  readonly epoch: number
  readonly hash: ContentHash
  readonly text: DocumentText
}
