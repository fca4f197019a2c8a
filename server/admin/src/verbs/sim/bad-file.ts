import { FileError } from '@concord/sim/scenario/file/file-error'
import { usageError } from '../../command/exit.ts'

/** A file of the user that cannot be taken is an error of usage, with all that is wrong with it. */
export function reading<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof FileError) throw usageError(error.message)
    throw error
  }
}
