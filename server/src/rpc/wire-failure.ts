import type { Reason, WireError } from '@concord/protocol'

/** A failure on its way out of a unary method; the error map turns it into what its protocol says. */
export class WireFailure extends Error {
  override readonly name = 'WireFailure'
  readonly error: WireError

  constructor(error: WireError) {
    super(error.message)
    this.error = error
  }
}

export function fail(reason: Reason, message: string, more: Omit<WireError, 'reason' | 'message'> = {}): never {
  throw new WireFailure({ reason, message, ...more })
}

/** A field that is wrong whatever the state; BadRequest names it. */
export function failField(field: string, message: string): never {
  throw new WireFailure({ reason: 'FIELD_INVALID', message, field })
}
