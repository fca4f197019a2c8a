import type { Document as DocumentMessage } from '@concord/proto'
import { type Role, ROLES } from '@concord/protocol'
import type { TokenSource } from './token-source.ts'

/** A document as lists show it. */
export interface DocumentInfo {
  /** `documents/{id}`. */
  readonly name: string
  readonly title: string
  readonly type: string
  /** Of the caller. */
  readonly role: Role | undefined
  readonly version: number
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly updatedAt: number
  readonly etag: string
  /** User id. */
  readonly creator: string
}

export interface GrantInfo {
  readonly userId: string
  readonly role: Role
}

export interface Page<T> {
  readonly items: readonly T[]
  /** Asks for the next page; absent on the last. */
  readonly nextPageToken?: string
}

export interface PageOptions {
  /** 1 to 1,000; 100 when left out. */
  readonly pageSize?: number
  readonly pageToken?: string
}

/**
 * Documents and who may do what with them: unary calls. Every method rejects with a ConcordError; a token that is refused
 * is renewed once by itself. The code that makes calls is loaded with the first one: an editor that only opens documents never needs it.
 */
export class DocumentsApi {
  private readonly url: string
  private readonly tokens: TokenSource
  private calls: Promise<Calls> | undefined

  constructor(url: string, tokens: TokenSource) {
    this.url = url
    this.tokens = tokens
  }

  /** Creates a document, owned by the caller. Without `id` the server chooses one. */
  create(fields: { readonly id?: string; readonly title?: string; readonly type?: string } = {}): Promise<DocumentInfo> {
    return this.call(async ({ documents }) => {
      const response = await documents.createDocument({ documentId: fields.id ?? '', document: { title: fields.title ?? '', type: fields.type ?? '' } })
      return toInfo(response.document)
    })
  }

  get(name: string): Promise<DocumentInfo> {
    return this.call(async ({ documents }) => toInfo((await documents.getDocument({ name })).document))
  }

  /** Documents the caller may read, last changed first. */
  list(options: PageOptions = {}): Promise<Page<DocumentInfo>> {
    return this.call(async ({ documents }) => {
      const response = await documents.listDocuments({ pageSize: options.pageSize ?? 0, pageToken: options.pageToken ?? '' })
      return page(response.documents.map(toInfo), response.nextPageToken)
    })
  }

  /** Changes the title; with an etag only if nothing else has changed since. */
  rename(name: string, title: string, etag = ''): Promise<DocumentInfo> {
    return this.call(async ({ documents }) => toInfo((await documents.updateDocument({ document: { name, title, etag }, updateMask: { paths: ['title'] } })).document))
  }

  delete(name: string, etag = ''): Promise<void> {
    return this.call(async ({ documents }) => void (await documents.deleteDocument({ name, etag })))
  }

  /** Gives a user a role; `undefined` takes it away. */
  share(name: string, userId: string, role: Role | undefined): Promise<void> {
    return this.call(async ({ documents }) => {
      if (role === undefined) await documents.deleteGrant({ document: name, userId })
      else await documents.setGrant({ document: name, grant: { userId, role: ROLES.toProto(role) } })
    })
  }

  grants(name: string, options: PageOptions = {}): Promise<Page<GrantInfo>> {
    return this.call(async ({ documents }) => {
      const response = await documents.listGrants({ document: name, pageSize: options.pageSize ?? 0, pageToken: options.pageToken ?? '' })
      const grants = response.grants.flatMap(({ userId, role }) => {
        const known = ROLES.fromProto(role)
        return known === undefined ? [] : [{ userId, role: known }]
      })
      return page(grants, response.nextPageToken)
    })
  }

  private async call<T>(run: (calls: Calls) => Promise<T>): Promise<T> {
    const calls = await (this.calls ??= this.load())
    try {
      return await run(calls)
    } catch (thrown) {
      const error = calls.errorOf(thrown)
      if (error.advice !== 'refresh') throw error
    }
    this.tokens.invalidate()
    try {
      return await run(calls)
    } catch (thrown) {
      throw calls.errorOf(thrown)
    }
  }

  private async load() {
    return loadCalls(this.url, () => this.tokens.get())
  }
}

type Calls = Awaited<ReturnType<typeof loadCalls>>

async function loadCalls(url: string, token: () => Promise<string>) {
  const [{ serviceClient, errorOf }, { DocumentService }] = await Promise.all([import('./unary.ts'), import('@concord/proto')])
  return { documents: serviceClient(DocumentService, url, token), errorOf }
}

function toInfo(document: DocumentMessage | undefined): DocumentInfo {
  if (document === undefined) throw new Error('the server answered without a document')
  const { name, title, type, version, etag, creator } = document
  return { name, title, type, etag, creator, role: ROLES.fromProto(document.role), version: Number(version), createdAt: milliseconds(document.createTime), updatedAt: milliseconds(document.updateTime) }
}

function milliseconds(time: { readonly seconds: bigint; readonly nanos: number } | undefined): number {
  return time === undefined ? 0 : Number(time.seconds) * 1_000 + Math.floor(time.nanos / 1e6)
}

function page<T>(items: readonly T[], nextPageToken: string): Page<T> {
  return { items, ...(nextPageToken === '' ? {} : { nextPageToken }) }
}
