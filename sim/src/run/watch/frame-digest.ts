import { format, type Operation } from '@concord/ot'
import type { ClientFrame, ServerFrame } from '@concord/protocol'

/** What tells one entry of the trace from another: cheap to make, and different where the frames are. */
export type Digest = readonly (string | number)[]

export function digestOfSent(frame: ClientFrame): Digest {
  switch (frame.kind) {
    case 'open': {
      const { document, clientId, version, epoch, lastSeq, snapshot } = frame.open
      return ['open', document, clientId ?? '', version, epoch, lastSeq, snapshot ? 1 : 0]
    }
    case 'submit': {
      const { clientId, session, seq, baseVersion, operation } = frame.submit
      return ['submit', clientId, session, seq, baseVersion, ...digestOf(operation)]
    }
    case 'progress':
      return ['progress', frame.version, frame.hash ?? '']
    case 'refresh':
      return ['refresh', frame.token]
  }
}

/** Digests of received frames: one frame goes to many readers, one after the other. */
export class FrameDigests {
  #last: ServerFrame | undefined
  #digest: Digest = []

  of(frame: ServerFrame): Digest {
    if (frame !== this.#last) {
      this.#last = frame
      this.#digest = digestOfReceived(frame)
    }
    return this.#digest
  }
}

function digestOfReceived(frame: ServerFrame): Digest {
  switch (frame.kind) {
    case 'opened': {
      const { clientId, session, epoch, head, lastSeq, resume, reason = '', role } = frame.opened
      return ['opened', clientId, session, epoch, head, lastSeq, resume, reason, role]
    }
    case 'snapshot':
      return ['snapshot', frame.snapshot.version, frame.snapshot.offset, frame.snapshot.hash]
    case 'change':
      return ['change', frame.change.version, frame.change.epoch, frame.change.author.clientId, frame.change.hash ?? '', ...digestOf(frame.change.operation)]
    case 'ack':
      return ['ack', frame.ack.seq, frame.ack.version, frame.ack.epoch]
    case 'reject':
      return ['reject', frame.reject.seq, frame.reject.error.reason]
    case 'composed':
      return ['composed', frame.composed.fromVersion, frame.composed.toVersion, ...digestOf(frame.composed.operation)]
    case 'mark':
      return ['mark', frame.version, frame.hash]
    case 'notice':
      return ['notice', frame.notice.kind]
  }
}

function digestOf({ baseLength, text, components }: Operation): Digest {
  return components.length > 64 ? [baseLength, text, components.length] : [baseLength, text, ...components]
}

/** One line for people. */
export function describeSent(frame: ClientFrame): string {
  switch (frame.kind) {
    case 'open':
      return `open at version ${frame.open.version}${frame.open.clientId === undefined ? '' : `, last seq ${frame.open.lastSeq}`}${frame.open.snapshot ? ', wants the content' : ''}`
    case 'submit':
      return `submit ${frame.submit.seq} on version ${frame.submit.baseVersion}: ${picture(frame.submit.operation)}`
    case 'progress':
      return `progress: at version ${frame.version}`
    case 'refresh':
      return 'fresh token'
  }
}

export function describeReceived(frame: ServerFrame): string {
  switch (frame.kind) {
    case 'opened': {
      const { head, epoch, lastSeq, resume, reason } = frame.opened
      return `opened in epoch ${epoch}, head ${head}, last seq ${lastSeq}, by ${resume}${reason === undefined ? '' : ` (${reason})`}`
    }
    case 'snapshot':
      return `content of version ${frame.snapshot.version} from ${frame.snapshot.offset} of ${frame.snapshot.total}`
    case 'change':
      return `version ${frame.change.version} by ${frame.change.author.userId}: ${picture(frame.change.operation)}`
    case 'ack':
      return `ack of submit ${frame.ack.seq} as version ${frame.ack.version}`
    case 'reject':
      return `reject of submit ${frame.reject.seq}: ${frame.reject.error.reason}`
    case 'composed':
      return `versions ${frame.composed.fromVersion + 1} to ${frame.composed.toVersion}: ${picture(frame.composed.operation)}`
    case 'mark':
      return `mark: version ${frame.version} hashes to ${frame.hash}`
    case 'notice':
      return `notice: ${frame.notice.kind}`
  }
}

/** Keys are left out: everybody's would stand on every line. */
function picture(operation: Operation): string {
  const line = format({ ...operation, keys: [] })
  return line.length > 120 ? `${line.slice(0, 117)}...` : line
}
