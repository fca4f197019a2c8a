import { ConcordError, unreachable } from '@concord/client'
import type { ClientFrame, ClientPresence, ServerFrame, ServerPresence, WireError } from '@concord/protocol'
import { type Carrier, type Downstream, type Due, type Line, RECORD_BYTES, type Upstream } from '../line.ts'
import type { MakeLink } from '../network.ts'
import { type Level, PathLink } from '../path-link.ts'

/** Envelope, and what a stream's frames cost around it. */
const AROUND = 14

/** Level message: values pass without being encoded. Their size is an estimate, made only where bandwidth or window are modelled. */
export const messageLink: MakeLink = (parts) => new PathLink(parts, LEVEL)

interface Sized<In> {
  readonly value: In
  readonly size: number
}

class ValueLine<In, Out> implements Line<In, Out> {
  readonly #size: (message: Out) => number

  constructor(size: (message: Out) => number) {
    this.#size = size
  }

  up(message: Out, carrier: Carrier, upstream: Upstream<Out>): number {
    const bytes = carrier.counts ? this.#size(message) + AROUND : 0
    carrier.send(() => upstream.message(message), bytes)
    return bytes
  }

  again(message: Out, upstream: Upstream<Out>): void {
    upstream.message(message)
  }

  down(due: readonly Due<In>[], carrier: Carrier, downstream: Downstream<In>): void {
    if (carrier.counts) return this.#records(due, carrier, downstream)
    carrier.send(() => {
      for (const { value } of due) downstream.received(value, 0)
    }, 0)
  }

  /** What leaves in one write arrives by the record, as encrypted bytes do. */
  #records(due: readonly Due<In>[], carrier: Carrier, downstream: Downstream<In>): void {
    for (let from = 0; from < due.length; ) {
      const record: Sized<In>[] = []
      let bytes = 0
      for (; from < due.length && bytes < RECORD_BYTES; from += 1) {
        const one = due[from]!
        const size = one.message().length + AROUND
        record.push({ value: one.value, size })
        bytes += size
      }
      carrier.send(() => record.forEach(({ value, size }) => downstream.received(value, size)), bytes)
    }
  }

  end(error: WireError | 'done', carrier: Carrier, downstream: Downstream<In>): void {
    const ended = error === 'done' ? unreachable('the server ended the stream') : new ConcordError(error)
    carrier.send(() => downstream.ended(ended), 0)
  }
}

function frameSize(frame: ClientFrame): number {
  switch (frame.kind) {
    case 'open':
      return 120 + frame.open.document.length
    case 'submit':
      return 48 + frame.submit.operation.text.length
    case 'progress':
      return frame.hash === undefined ? 6 : 26
    case 'refresh':
      return frame.token.length + 4
  }
}

function presenceSize(message: ClientPresence): number {
  switch (message.kind) {
    case 'open':
      return 40 + message.document.length
    case 'state':
      return 40 + message.state.name.length + message.state.data.length
    case 'beat':
      return 4
    case 'refresh':
      return message.token.length + 4
  }
}

const SESSIONS = new ValueLine<ServerFrame, ClientFrame>(frameSize)
const PRESENCE = new ValueLine<ServerPresence, ClientPresence>(presenceSize)
const LEVEL: Level = { session: () => SESSIONS, presence: () => PRESENCE }
