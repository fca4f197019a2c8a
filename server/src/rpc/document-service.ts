import { create } from '@bufbuild/protobuf'
import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import { isDocumentTypeName } from '@concord/ot'
import { type Document, DocumentSchema, DocumentView, type DocumentService, GrantSchema } from '@concord/proto'
import { ROLES, type Role } from '@concord/protocol'
import type { ServiceImpl } from '@connectrpc/connect'
import { NOT_FOUND } from '../core/failures.ts'
import { mayDo, mayInvite } from '../core/permissions.ts'
import { type DocumentKey, type DocumentRecord, type Identity, parseListToken } from '../ports/index.ts'
import { access, roleRequired } from './access.ts'
import { callerOf } from './call-info.ts'
import { documentContent } from './document-content.ts'
import type { EdgeServices } from './edge-services.ts'
import { documentId, documentKey, documentName, pageSize, title, userId, version } from './fields.ts'
import { fail, failField, WireFailure } from './wire-failure.ts'

type Service = ServiceImpl<typeof DocumentService>

export function documentService(services: EdgeServices): Service {
  return { ...readMethods(services), ...writeMethods(services), ...grantMethods(services) }
}

function readMethods(services: EdgeServices): Pick<Service, 'getDocument' | 'listDocuments'> {
  const { documents, access: contents } = services
  return {
    async getDocument(request, context) {
      const caller = callerOf(context)
      const doc = documentKey(request.name, 'name', caller)
      const at = version(request.version, 'version')
      const { record, role } = await access(documents, doc, caller, 'read')
      const head = await contents.head(doc)
      if (at > head) fail('VERSION_AHEAD', `the document has version ${head}, not ${at} yet`, { field: 'version' })
      const document = described(record, role, head)
      if (request.view === DocumentView.FULL) document.content = await documentContent(services, doc, request.format, at === 0 ? undefined : at)
      return { document }
    },

    async listDocuments(request, context) {
      const caller = callerOf(context)
      const size = pageSize(request.pageSize, 'page_size')
      const token = request.pageToken === '' ? undefined : request.pageToken
      if (token !== undefined && parseListToken(token) === undefined) failField('page_token', 'page_token must come from the response before')
      const page = await documents.list(caller.tenant, caller.userId, size, token)
      const listed = await Promise.all(page.documents.map((record) => listedOne(services, record, caller)))
      return { documents: listed.filter((one) => one !== undefined), nextPageToken: page.nextPageToken ?? '' }
    },
  }
}

function writeMethods(services: EdgeServices): Pick<Service, 'createDocument' | 'updateDocument' | 'deleteDocument'> {
  const { documents, access: contents, runtime } = services
  return {
    async createDocument({ documentId: asked, document }, context) {
      const caller = callerOf(context)
      const id = asked === '' ? newId(services) : documentId(asked, 'document_id')
      const type = document?.type || 'text'
      if (!isDocumentTypeName(type)) failField('document.type', `there is no document type ${JSON.stringify(type)}; use text`)
      const fields = { title: title(document?.title ?? '', 'document.title'), type, creator: caller.userId, at: runtime.clock.now() }
      const record = await documents.create({ tenant: caller.tenant, id }, fields)
      if (record === 'exists') fail('DOCUMENT_EXISTS', 'the document id is taken: choose another', { field: 'document_id' })
      return { document: described(record, 'owner', 0) }
    },

    async updateDocument({ document, updateMask }, context) {
      const caller = callerOf(context)
      const doc = documentKey(document?.name ?? '', 'document.name', caller)
      const paths = updateMask?.paths ?? []
      const unknown = paths.find((path) => path !== 'title' && path !== '*')
      if (unknown !== undefined) failField('update_mask', `${JSON.stringify(unknown)} cannot be changed; title can`)
      const fresh = title(document?.title ?? '', 'document.title')
      const { role } = await access(documents, doc, caller, 'rename')
      const etag = document?.etag ?? ''
      const record = await documents.update(doc, { title: fresh, at: runtime.clock.now(), ...(etag === '' ? {} : { etag }) })
      if (record === 'not_found') throw new WireFailure(NOT_FOUND)
      if (record === 'stale') fail('ETAG_MISMATCH', 'the document has changed since: read it, then try again', { field: 'document.etag' })
      contents.titleChanged(doc, fresh)
      return { document: described(record, role, await contents.head(doc)) }
    },

    async deleteDocument({ name, etag }, context) {
      const caller = callerOf(context)
      const doc = documentKey(name, 'name', caller)
      await access(documents, doc, caller, 'delete')
      const outcome = await documents.delete(doc, runtime.clock.now(), etag === '' ? undefined : etag)
      if (outcome === 'not_found') throw new WireFailure(NOT_FOUND)
      if (outcome === 'stale') fail('ETAG_MISMATCH', 'the document has changed since: read it, then try again', { field: 'etag' })
      contents.deleted(doc)
      return {}
    },
  }
}

function grantMethods({ documents, access: contents }: EdgeServices): Pick<Service, 'listGrants' | 'setGrant' | 'deleteGrant'> {
  return {
    async listGrants(request, context) {
      const caller = callerOf(context)
      const doc = documentKey(request.document, 'document', caller)
      const size = pageSize(request.pageSize, 'page_size')
      await access(documents, doc, caller, 'read')
      const after = request.pageToken
      const rest = (await documents.grants(doc)).toSorted(byUser).filter((grant) => grant.userId > after)
      const page = rest.slice(0, size)
      return { grants: page.map((grant) => grantMessage(grant.userId, grant.role)), nextPageToken: rest.length > size ? (page.at(-1)?.userId ?? '') : '' }
    },

    async setGrant({ document, grant }, context) {
      const caller = callerOf(context)
      const doc = documentKey(document, 'document', caller)
      const user = userId(grant?.userId ?? '', 'grant.user_id')
      const role = grant === undefined ? undefined : ROLES.fromProto(grant.role)
      if (role === undefined) failField('grant.role', 'grant.role must be VIEWER, COMMENTER, EDITOR or OWNER')
      const own = await access(documents, doc, caller, 'invite')
      mayChange(own.role, role, await documents.role(doc, user))
      answer(await documents.setGrant(doc, { userId: user, role }))
      contents.roleChanged(doc, user)
      return { grant: grantMessage(user, role) }
    },

    async deleteGrant({ document, userId: asked }, context) {
      const caller = callerOf(context)
      const doc = documentKey(document, 'document', caller)
      const user = userId(asked, 'user_id')
      await access(documents, doc, caller, 'change_grants')
      answer(await documents.deleteGrant(doc, user))
      contents.roleChanged(doc, user)
      return {}
    },
  }
}

/** Editors invite at or below their own role; a role that somebody has is an owner's to change. */
function mayChange(own: Role, role: Role, before: Role | undefined): void {
  if (mayDo(own, 'change_grants')) return
  if (before !== undefined && before !== role) throw new WireFailure(roleRequired('change_grants'))
  if (!mayInvite(own, role)) throw new WireFailure(roleRequired('change_grants'))
}

function answer(outcome: 'set' | 'deleted' | 'not_found' | 'last_owner'): void {
  if (outcome === 'not_found') throw new WireFailure(NOT_FOUND)
  if (outcome === 'last_owner') fail('LAST_OWNER', 'a document must keep an owner: give the role to somebody else first')
}

async function listedOne({ documents, access: contents }: EdgeServices, record: DocumentRecord, { userId: user }: Identity): Promise<Document | undefined> {
  const [role, head] = await Promise.all([documents.role(record.key, user), contents.head(record.key)])
  return role === undefined ? undefined : described(record, role, head)
}

function described(record: DocumentRecord, role: Role, head: number): Document {
  return create(DocumentSchema, {
    name: documentName(record.key),
    title: record.title,
    type: record.type,
    version: BigInt(head),
    role: ROLES.toProto(role),
    createTime: timestampFromMs(record.createdAt),
    updateTime: timestampFromMs(record.updatedAt),
    etag: record.etag,
    creator: record.creator,
  })
}

function grantMessage(user: string, role: Role) {
  return create(GrantSchema, { userId: user, role: ROLES.toProto(role) })
}

function byUser(a: { readonly userId: string }, b: { readonly userId: string }): number {
  return a.userId < b.userId ? -1 : 1
}

/** 80 random bits in base 32: short enough to read aloud, too many to guess or to meet twice. */
function newId({ runtime }: EdgeServices): DocumentKey['id'] {
  return Array.from(runtime.random.bytes(16), (byte) => 'abcdefghijklmnopqrstuvwxyz234567'[byte & 31]).join('')
}
