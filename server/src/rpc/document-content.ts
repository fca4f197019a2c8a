import { create } from '@bufbuild/protobuf'
import type { DocumentText } from '@concord/ot'
import { ContentFormat, type DocumentContent, DocumentContentSchema } from '@concord/proto'
import { idToBigint, operationToProto } from '@concord/protocol'
import type { DocumentKey } from '../ports/index.ts'
import type { EdgeServices } from './edge-services.ts'
import { toHtml } from './export/html.ts'
import { toMarkdown } from './export/markdown.ts'
import { fail, failField, WireFailure } from './wire-failure.ts'

/** Units a unary answer carries; a larger document is followed by a stream, which sends it in chunks. */
const MAX_UNITS = 16 * 1024 * 1024

/** @param version `undefined` means the head */
export async function documentContent({ access }: EdgeServices, doc: DocumentKey, format: ContentFormat, version: number | undefined): Promise<DocumentContent> {
  const state = await access.read(doc, version)
  if (state.kind === 'failure') throw new WireFailure(state.error)
  if (state.text.length > MAX_UNITS) fail('FRAME_TOO_LARGE', `the content has more than ${MAX_UNITS} units: follow the document with Watch, which sends it in chunks`)
  return create(DocumentContentSchema, { version: BigInt(state.version), hash: idToBigint(state.hash), content: formatted(state.text, format) })
}

function formatted(text: DocumentText, format: ContentFormat): DocumentContent['content'] {
  switch (format) {
    case ContentFormat.UNSPECIFIED:
    case ContentFormat.RUNS:
      return { case: 'runs', value: operationToProto(text.content()) }
    case ContentFormat.TEXT:
      return { case: 'text', value: text.toString() }
    case ContentFormat.HTML:
      return { case: 'html', value: toHtml(text) }
    case ContentFormat.MARKDOWN:
      return { case: 'markdown', value: toMarkdown(text) }
    default:
      return failField('format', 'format must be RUNS, TEXT, HTML or MARKDOWN')
  }
}
