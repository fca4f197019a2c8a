import type { PresenceState, WireError } from '@concord/protocol'
import { wireError } from './failures.ts'

/** What no presence state may be: too large, no colour, a name that fools readers, positions that mean nothing. */
export function checkPresence(state: PresenceState, maxBytes: number): WireError | undefined {
  const { name, color, data, selection } = state
  if ((name.length + data.length) * 3 + 64 > maxBytes && encodedLength(name) + encodedLength(data) + 64 > maxBytes) {
    return wireError('FRAME_TOO_LARGE', `A presence state has at most ${maxBytes} bytes.`, { field: 'state' })
  }
  if (name.length > 200 || /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(name)) {
    return wireError('FIELD_INVALID', 'A name has at most 200 characters, none of them for control or direction.', { field: 'state.name' })
  }
  if (color !== '' && !/^#[0-9a-fA-F]{6}$/.test(color)) return wireError('FIELD_INVALID', 'A colour is #rrggbb.', { field: 'state.color' })
  if (selection !== undefined && ![selection.version, selection.anchor, selection.head].every((value) => Number.isSafeInteger(value) && value >= 0)) {
    return wireError('FIELD_INVALID', 'Versions and positions are whole numbers from 0.', { field: 'state.selection' })
  }
  return data === '' || isJson(data) ? undefined : wireError('FIELD_INVALID', 'The data of the application is JSON.', { field: 'state.data' })
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Bytes in UTF-8. */
function encodedLength(text: string): number {
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0)!
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}
