import { expect, test } from 'vitest'
import { patchOperation, readTrace, TRACE_NAMES, traceFolder } from '../../testing/traces.ts'
import { naiveHash } from '../../testing/naive-hash.ts'
import { DocumentText } from './document-text.ts'

for (const name of TRACE_NAMES) {
  test(`the real trace ${name} ends in its text`, ({ skip }) => {
    const trace = readTrace(name)
    if (trace === undefined) return skip(`no ${name}.json.gz in ${traceFolder()}: set CONCORD_TRACES to a folder with the traces of josephg/editing-traces, gzipped`)
    const document = DocumentText.empty()
    const failures = trace.patches.map((patch) => document.apply(patchOperation(document.length, patch))).filter((failure) => failure !== undefined)
    expect(failures).toEqual([])
    expect(document.toString()).toBe(trace.endContent)
    expect(document.hash()).toBe(naiveHash(trace.endContent.split('').map((unit) => ({ unit, attributes: [] }))))
  })
}
