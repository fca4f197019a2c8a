import type { UserEntry } from './document-codec.ts'

/**
 * Ordinals of users in one document, from 1, in order of arrival: the first part of their tie keys (R13). One that stands
 * in the log or a snapshot is never given to anybody else.
 */
export class UserOrdinals {
  private readonly byUser = new Map<string, number>()
  private readonly byOrdinal: (string | undefined)[] = [undefined]
  /** Those that stand in the log, or in a snapshot. */
  private readonly written = new Set<number>()

  /** The user's ordinal, the next free one when he is new. */
  of(userId: string): number {
    const known = this.byUser.get(userId)
    if (known !== undefined) return known
    const ordinal = this.byOrdinal.length
    this.byUser.set(userId, ordinal)
    this.byOrdinal.push(userId)
    return ordinal
  }

  /** Takes an ordinal over from the log or a snapshot. */
  set(userId: string, ordinal: number): void {
    this.byUser.set(userId, ordinal)
    while (this.byOrdinal.length <= ordinal) this.byOrdinal.push(undefined)
    this.byOrdinal[ordinal] = userId
    this.written.add(ordinal)
  }

  /** Notes that an ordinal stands in the log from now on. */
  wrote(ordinal: number): void {
    this.written.add(ordinal)
  }

  userOf(ordinal: number): string | undefined {
    return this.byOrdinal[ordinal]
  }

  /** Those that must be kept: a reader who never wrote may get another one next time. */
  entries(): UserEntry[] {
    return Array.from(this.written, (ordinal) => ({ userId: this.byOrdinal[ordinal]!, ordinal }))
  }
}
