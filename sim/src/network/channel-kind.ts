import { type ClientFrame, type ClientPresence, encodeEnvelopedServerFrame, ENVELOPE_BYTES, type Open, type ServerFrame, type ServerPresence, type Submit, type WireError } from '@concord/protocol'
import type { OpenFailure, PresenceHandle, SubmitDecision } from '@concord/server/core/carrier'
import type { Identity } from '@concord/server/ports'
import { envelope, presenceMessage } from '@concord/server/rpc/channel'
import type { Due } from './line.ts'
import type { NodeSide, ServerWork } from './network.ts'

export type Hubs = NonNullable<NodeSide['hubs']>

/** The server's end of a channel: a session handle is one as it stands. */
export interface Served<In, Out> {
  receive(message: Out): void
  renew(identity: Identity): void
  pull(maxBytes: number): readonly Due<In>[]
  readonly ended: WireError | 'done' | undefined
  close(): void
}

/** What tells a document's session from its presence. */
export interface ChannelKind<In, Out> {
  readonly name: 'session' | 'presence'
  /** What a message costs the server when it comes. */
  work(message: Out, isFirst: boolean): ServerWork
  /** What a write of one message costs the server. */
  readonly dueWork: ServerWork
  /** What each further message in it adds. */
  readonly furtherWork: ServerWork
  open(hubs: Hubs, identity: Identity, first: Out, wake: () => void): Promise<Served<In, Out> | OpenFailure>
  /** Whether the network may lose or double this message without breaking the transport's own word. */
  mayGlitch(message: In): boolean
  isSubmit(message: Out): boolean
  /** Whether a submit is older than another: then its answer says nothing any more. */
  isOlder(submit: Out, than: Out): boolean
  /** A submit by a call of its own. */
  call(hubs: Hubs, identity: Identity, first: Out, message: Out): Promise<SubmitDecision>
  /** The answer of a call that refuses, as it reaches the session. */
  refusal(decision: Extract<SubmitDecision, { kind: 'reject' }>): Due<In>
}

export const SESSION: ChannelKind<ServerFrame, ClientFrame> = {
  name: 'session',
  work: ({ kind }, isFirst) => (isFirst ? 'open' : kind === 'submit' ? 'submit' : 'frame'),
  dueWork: 'frame',
  furtherWork: 'shared-frame',
  open: async (hubs, identity, first, wake) => hubs.sessions.open(identity, openOf(first), wake),
  mayGlitch: ({ kind }) => kind === 'change' || kind === 'ack' || kind === 'composed',
  isSubmit: ({ kind }) => kind === 'submit',
  isOlder: (submit, than) => submitOf(submit).seq < submitOf(than).seq,
  call: (hubs, identity, first, message) => hubs.sessions.submit(identity, openOf(first).document, submitOf(message)),
  refusal: ({ reject }) => new OwnFrame({ kind: 'reject', reject }),
}

export const PRESENCE: ChannelKind<ServerPresence, ClientPresence> = {
  name: 'presence',
  work: () => 'presence',
  dueWork: 'presence',
  furtherWork: 'presence',
  open: async (hubs, identity, first, wake) => {
    if (first.kind !== 'open') return { kind: 'failure', error: { reason: 'FRAME_MALFORMED', message: `the first message must be open, not ${first.kind}` } }
    const opened = await hubs.presence.open(identity, first, wake)
    return opened.kind === 'failure' ? opened : servedPresence(opened)
  },
  mayGlitch: () => false,
  isSubmit: () => false,
  isOlder: () => false,
  call: () => Promise.reject(new Error('presence knows no submits')),
  refusal: () => {
    throw new Error('presence knows no submits')
  },
}

function openOf(first: ClientFrame): Open {
  if (first.kind !== 'open') throw new Error(`a link opens with open, not ${first.kind}`)
  return first.open
}

function submitOf(frame: ClientFrame): Submit {
  if (frame.kind !== 'submit') throw new Error(`a call submits, and this is ${frame.kind}`)
  return frame.submit
}

function servedPresence(handle: PresenceHandle): Served<ServerPresence, ClientPresence> {
  return {
    receive: (message) => handle.receive(message),
    renew: (identity) => handle.renew(identity),
    pull: () => {
      const due = handle.pull()
      return due === undefined ? [] : [new DuePresence(due)]
    },
    get ended() {
      return handle.ended
    },
    close: () => handle.close(),
  }
}

class DuePresence implements Due<ServerPresence> {
  readonly value: ServerPresence

  constructor(value: ServerPresence) {
    this.value = value
  }

  message(): Uint8Array {
    return presenceMessage(this.value)
  }

  enveloped(): Uint8Array {
    return envelope(0, this.message())
  }
}

/** A frame that is not shared with other readers. */
class OwnFrame implements Due<ServerFrame> {
  readonly value: ServerFrame

  constructor(value: ServerFrame) {
    this.value = value
  }

  message(): Uint8Array {
    return this.enveloped().subarray(ENVELOPE_BYTES)
  }

  enveloped(): Uint8Array {
    return encodeEnvelopedServerFrame(this.value)
  }
}
