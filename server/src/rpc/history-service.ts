import { create } from '@bufbuild/protobuf'
import { type HistoryService, ListOperationsResponseSchema, LoggedOperationSchema, type LoggedOperation } from '@concord/proto'
import { changeToProto, Malformed } from '@concord/protocol'
import type { ServiceImpl } from '@connectrpc/connect'
import { changeOf } from '../codec/record-codec.ts'
import type { LogRecord } from '../ports/index.ts'
import { access } from './access.ts'
import { callerOf } from './call-info.ts'
import type { EdgeServices } from './edge-services.ts'
import { documentKey, pageSize, version } from './fields.ts'
import { fail, failField } from './wire-failure.ts'

const PAGE_BYTES = 1024 * 1024
const TOKEN = /^v([0-9]{1,16})$/

export function historyService({ documents, opLog }: EdgeServices): ServiceImpl<typeof HistoryService> {
  return {
    async listOperations(request, context) {
      const caller = callerOf(context)
      const doc = documentKey(request.document, 'document', caller)
      const size = pageSize(request.pageSize, 'page_size')
      const after = request.pageToken === '' ? version(request.after, 'after') : afterOf(request.pageToken)
      await access(documents, doc, caller, 'history')
      const records = await opLog.read(doc, after, size, PAGE_BYTES)
      const last = records.at(-1)?.version ?? after
      const more = records.length > 0 && last < (await opLog.head(doc)).version
      return create(ListOperationsResponseSchema, { operations: records.map(logged), nextPageToken: more ? `v${last}` : '' })
    },
  }
}

function afterOf(token: string): number {
  const match = TOKEN.exec(token)
  if (match === null) failField('page_token', 'page_token must come from the response before')
  return version(BigInt(match[1] ?? '0'), 'page_token')
}

function logged(record: LogRecord): LoggedOperation {
  const change = changeOf(record)
  if (change instanceof Malformed) fail('DATA_LOSS', `the row of version ${record.version} is damaged`)
  const { clientSeq, baseVersion, algorithm, format } = record
  return create(LoggedOperationSchema, { change: changeToProto(change), clientSeq: BigInt(clientSeq), baseVersion: BigInt(baseVersion), algorithm, format })
}
