import { type DescMethod, fromBinary, fromJsonString, type MessageShape } from '@bufbuild/protobuf'
import type { Malformed, WireError } from '@concord/protocol'
import { malformed } from './channel.ts'

/** How the messages of one streaming method read. */
export interface MessageReading<M extends DescMethod, In extends object> {
  readonly method: M
  read(message: MessageShape<M['input']>): In | Malformed
}

/** The payloads as messages of the method, validated, or what is wrong with the first that is none. */
export function readMessages<M extends DescMethod, In extends object>(payloads: readonly Uint8Array[], reading: MessageReading<M, In>, binary: boolean): readonly In[] | WireError {
  const messages: In[] = []
  for (const payload of payloads) {
    const message = parse<M>(payload, reading.method, binary)
    const read = 'reason' in message ? message : reading.read(message.message)
    if ('reason' in read) return read as WireError
    if (isMalformed(read)) return malformed(read)
    messages.push(read)
  }
  return messages
}

function parse<M extends DescMethod>(payload: Uint8Array, method: M, binary: boolean): { readonly message: MessageShape<M['input']> } | WireError {
  const input: M['input'] = method.input
  try {
    const message = binary ? fromBinary(input, payload) : fromJsonString(input, new TextDecoder('utf-8', { fatal: true }).decode(payload), { ignoreUnknownFields: true })
    return { message: message as MessageShape<M['input']> }
  } catch {
    return { reason: 'FRAME_MALFORMED', message: `the bytes are no ${input.typeName}` }
  }
}

function isMalformed(read: object): read is Malformed {
  return 'kind' in read && read.kind === 'malformed'
}
