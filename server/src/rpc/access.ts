import type { Role, WireError } from '@concord/protocol'
import { NOT_FOUND } from '../core/failures.ts'
import { type Action, LOWEST_ROLE, mayDo } from '../core/permissions.ts'
import type { DocumentKey, DocumentRecord, DocumentStore, Identity } from '../ports/index.ts'
import { WireFailure } from './wire-failure.ts'

export interface Access {
  readonly record: DocumentRecord
  readonly role: Role
}

/** The document with the caller's role, or the failure that says no more than the caller may know. */
export async function access(store: DocumentStore, doc: DocumentKey, { userId }: Identity, action: Action): Promise<Access> {
  const [record, role] = await Promise.all([store.get(doc), store.role(doc, userId)])
  if (record === undefined || role === undefined) throw new WireFailure(NOT_FOUND)
  if (!mayDo(role, action)) throw new WireFailure(roleRequired(action))
  return { record, role }
}

export function roleRequired(action: Action): WireError {
  const role = LOWEST_ROLE[action]
  return { reason: 'ROLE_REQUIRED', message: `this needs the role ${role} in the document: ask an owner`, metadata: { role } }
}
