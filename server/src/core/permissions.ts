import type { Role } from '@concord/protocol'

/** What a user can do with a document. */
export type Action =
  | 'read'
  | 'presence'
  | 'export'
  | 'history'
  | 'comment'
  | 'suggest'
  | 'edit'
  | 'resolve'
  | 'restore'
  | 'invite'
  | 'change_grants'
  | 'share_link'
  | 'rename'
  | 'delete'
  | 'transfer'
  | 'retention'

export const ROLE_ORDER: readonly Role[] = ['viewer', 'commenter', 'editor', 'owner']

/** The lowest role that may do it; each role includes the ones before. */
export const LOWEST_ROLE: Readonly<Record<Action, Role>> = {
  read: 'viewer',
  presence: 'viewer',
  export: 'viewer',
  history: 'viewer',
  comment: 'commenter',
  suggest: 'commenter',
  edit: 'editor',
  resolve: 'editor',
  restore: 'editor',
  invite: 'editor',
  change_grants: 'owner',
  share_link: 'owner',
  rename: 'owner',
  delete: 'owner',
  transfer: 'owner',
  retention: 'owner',
}

export function mayDo(role: Role | undefined, action: Action): boolean {
  return role !== undefined && ROLE_ORDER.indexOf(role) >= ROLE_ORDER.indexOf(LOWEST_ROLE[action])
}

/** Whether somebody with `role` may invite somebody as `invited`: at or below the own role. */
export function mayInvite(role: Role | undefined, invited: Role): boolean {
  return role !== undefined && mayDo(role, 'invite') && ROLE_ORDER.indexOf(invited) <= ROLE_ORDER.indexOf(role)
}
