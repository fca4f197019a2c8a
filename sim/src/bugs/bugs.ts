import type { Rules } from '@concord/client/testing'
import type { ServerRules } from '@concord/server/core/rules'
import type { StorageBugs } from '../fakes/storage-bugs.ts'
import { CLIENT_BUGS } from './client-bugs.ts'
import { SERVER_BUGS } from './server-bugs.ts'
import { STORAGE_BUGS } from './storage-bugs.ts'

/** A guard that is taken away, so that a checker can show that it would notice. No production build can name one. */
export interface Bug {
  /** Kebab-case; begins with the number of the rule that is off, where it is one of `docs/spec.md`. */
  readonly name: string
  /** What is wrong, in one sentence. */
  readonly what: string
  readonly client?: Partial<Rules>
  readonly server?: Partial<ServerRules>
  readonly storage?: StorageBugs
}

/** Every planted bug, by name. */
export const BUGS: ReadonlyMap<string, Bug> = new Map([...CLIENT_BUGS, ...SERVER_BUGS, ...STORAGE_BUGS].map((bug) => [bug.name, bug]))
