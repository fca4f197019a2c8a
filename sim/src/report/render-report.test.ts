import { describe, expect, test } from 'vitest'
import type { RunResult } from '../run/run-result.ts'
import { madeUpPlan, madeUpResult } from './testing/made-up-result.ts'
import { renderReport, reproLine } from './render-report.ts'

const MEGABYTE = 1_000_000
const failed = madeUpResult({ splitBrain: true })
const extra = {
  about: 'An owner stops and goes on.', environment: { commit: 'abc1234', node: '26.10.0' }, json: 'x.json',
  minimal: { plan: madeUpPlan({ editors: 2 }), result: madeUpResult({ editors: 2, splitBrain: true, traceLines: 30 }), story: ['n1 stops', 'n2 claims notes'], repro: 'npx concord sim replay small.json' },
}

/** The page without styles, scripts and data: what people read. */
function textOf(report: string): string {
  return report.replace(/<(script|style)\b.*?<\/\1>/gs, '').replace(/<[^>]*>/g, ' ').replaceAll('&quot;', '"').replace(/\s+/g, ' ')
}

function headings(report: string): string[] {
  return [...report.matchAll(/<h2[^>]*>([^<]*)/g)].map(([, heading]) => heading!)
}

describe('report of a failure', () => {
  const text = textOf(renderReport(failed, extra))

  test('the verdict stands first, in a sentence, then how to repeat it', () => {
    expect(text.indexOf('Failed A node whose epoch was over wrote to the log of notes.')).toBeGreaterThan(-1)
    expect(text.indexOf('npx concord sim run owner-pause --seed 7 --bug fence-off')).toBeLessThan(text.indexOf('Promised'))
    for (const fact of ['seed 7', 'level message', 'commit abc1234', 'Node 26.10.0', 'trace 9f3c66d1a8be0417']) expect(text).toContain(fact)
  })

  test('its parts stand in the order in which a newcomer asks', () => {
    expect(headings(renderReport(failed, extra))).toEqual([
      'What went wrong', 'The smallest story that shows it', 'What happened around it', 'What was run', 'Promises', 'Service levels', 'Over time', 'Who owned each document', 'Taken for granted', 'Figures',
    ])
  })

  test('the first violation says what was promised, what happened, when and who', () => {
    expect(text).toContain('Promised Only the node that claimed the newest epoch of a document writes to its log.')
    expect(text).toContain('When 26.34 s of virtual time')
    expect(text).toContain('Who editors/2, n1 and n2')
    expect(text).toContain('n1 goes on where it stood, believes in epoch 3')
  })

  test('the scenario is told in words: actors, connections, nodes, faults', () => {
    expect(text).toContain('8 actors on 2 documents')
    expect(text).toContain('80 ms each way, one in a hundred above 400 ms, 200 kB/s, 2 % of submits arrive twice')
    expect(text).toContain('the clock of n3 is 1.5 s ahead')
    expect(text).toMatch(/B 18\.0 s to 26\.0 s n1 paused in the middle of things/)
    expect(text).toContain('Planted on purpose, to see that the checkers notice: fence-off : The log takes appends of owners whose epoch is over.')
  })

  test('a missed service level says by how much, and when it was worst', () => {
    expect(text).toMatch(/p95 was to be at most 250 ms and was 8\.14 s over 1,204 samples\. It was worst at \d+\.\d+ s/)
  })

  test('two owners at once are called a split brain', () => {
    expect(text).toContain('Split brain: in 1 document')
    expect(text).toContain('n1 (epoch 3) and n2 (epoch 4) both ruled from 21.2 s to 27.1 s, for 5.9 s')
  })

  test('the smallest story stands there with its events and its command', () => {
    expect(text).toContain('n1 stops n2 claims notes')
    expect(text).toContain('npx concord sim replay small.json')
  })
})

describe('other reports', () => {
  test('a pass says so and has no part about what went wrong', () => {
    const report = renderReport(madeUpResult())
    expect(textOf(report)).toContain('Passed All 3 promises held and all 2 service levels were met.')
    expect(headings(report)).not.toContain('What went wrong')
    expect(textOf(report)).toContain('no split brain')
  })

  test('a failure of the run as a whole has no moment: no red line, and the last events stand last', () => {
    const { violations: [first] } = failed
    const report = renderReport({ ...failed, violations: [{ ...first!, checker: 'service levels', message: 'ack p95 is too slow' }] })
    expect(headings(report)[1]).toBe('What was run')
    expect(report).not.toContain('first violation"')
    expect(textOf(report)).toContain('Acknowledgement (from an edit leaving its author')
  })

  test('a live run is told by the clock on the wall', () => {
    const text = textOf(renderReport({ ...failed, plan: { ...failed.plan, level: 'live' } }))
    expect(text).toContain('26.34 s of wall time')
    expect(text).toContain('--level live')
    expect(text).not.toContain('of virtual time')
  })

  test('a crash shows where', () => {
    expect(textOf(renderReport({ ...failed, verdict: 'crashed', because: 'RangeError: no\n    at there.ts:1', violations: [] }))).toContain('at there.ts:1')
  })

  test('plots end where nothing moves any more, and say so', () => {
    const still = <T>(values: readonly T[], rest: T): T[] => [...values, ...Array.from({ length: 1000 }, () => rest)]
    const { series, figures } = madeUpResult()
    const waited = { ...series, operations: still(series.operations, 0), connections: still(series.connections, 8), pending: still(series.pending, series.pending.at(-1)!), reconnects: still(series.reconnects, 0) }
    const report = renderReport({ ...madeUpResult(), series: waited, figures: { ...figures, virtualMs: 560_000 } })
    expect(textOf(report)).toContain('Nothing moved any more after 66.0 s')
    expect(textOf(renderReport(madeUpResult()))).not.toContain('Nothing moved')
  })

  test('a run that measured nothing is still a page', () => {
    const empty: RunResult = { ...failed, violations: [], checkers: [], levels: [], faults: [], owners: [], trace: [], assumptions: [], series: { ...failed.series, operations: [], latencies: {}, connections: [], reconnects: [], pending: [], cpu: {} } }
    expect(textOf(renderReport(empty))).toContain('Nothing was measured')
  })

  test('a second run is laid over the first: dashed lines, a column beside', () => {
    const report = renderReport(madeUpResult(), { comparison: { here: 'simulated', there: 'measured', result: madeUpResult({ seed: 9 }) } })
    expect(report).toContain('"label":"p99 measured","colour":3')
    expect(report).toContain('"dashed":true')
    expect(textOf(report)).toContain('Dashed: measured.')
    expect(textOf(report)).toMatch(/Acknowledgement 95 of 100 within 250 ms 2.0 s to 30.0 s p95 182 ms 1,204 kept p95 182 ms \+0 %/)
  })
})

describe('reports hold what people typed, and do not become it', () => {
  const evil = `</script><script>window.pwned=1</script><img src=x onerror="window.pwned=1">'&`
  const poisoned = (): RunResult => {
    const poison = (value: unknown): unknown => {
      if (typeof value === 'string') return value.length > 0 && !KEPT.has(value) ? `${value}${evil}` : value
      if (Array.isArray(value)) return value.map(poison)
      return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, of]) => [key, poison(of)])) : value
    }
    return poison(failed) as RunResult
  }
  const KEPT = new Set(['message', 'fail', 'ack', 'reconnect', 'n1', 'n2', 'n3'])

  test('every text of a result is escaped', () => {
    const clean = renderReport(failed, extra)
    const report = renderReport(poisoned(), { ...extra, about: evil, json: evil, repro: evil, environment: { commit: evil }, minimal: { ...extra.minimal, story: [evil] } })
    expect(report).toContain('&lt;script&gt;window.pwned')
    expect(report).not.toContain('<script>window.pwned')
    expect(report).not.toContain('<img')
    expect(report.match(/<script/g)).toHaveLength(clean.match(/<script/g)!.length)
  })

  test('nothing is loaded from anywhere', () => {
    const report = renderReport(failed, extra)
    expect(report).toContain(`default-src &#39;none&#39;`)
    expect(report.replace(/<script>.*?<\/script>/gs, '')).not.toMatch(/(src|href)="(https?:)?\/\/|@import|url\(["']?http/)
  })
})

describe('reports stay small', () => {
  test('10,000 long events take less than 3 MB', () => {
    const trace = Array.from({ length: 10_000 }, (_, seq) => ({ seq, at: seq * 3.14159, from: `editors/${seq % 8}`, to: 'n1', what: `submit ${seq}: ${'<é>'.repeat(400)}` }))
    expect(Buffer.byteLength(renderReport({ ...failed, trace }, extra))).toBeLessThan(3 * MEGABYTE)
  })

  test('a day in steps of a second, 100,000 actors, 50,000 events, 5,000 documents and 10,000 faults too', () => {
    const large = madeUpResult({ splitBrain: true, steps: 86_400, editors: 100_000 })
    const owners = Array.from({ length: 5000 }, (_, index) => ({ ...large.owners[index % 3]!, document: `d${index >> 1}` }))
    const faults = Array.from({ length: 10_000 }, (_, index) => ({ ...large.faults[0]!, id: `f${index}` }))
    expect(Buffer.byteLength(renderReport({ ...large, owners, faults }))).toBeLessThan(3 * MEGABYTE)
  })
})

test('repro line: level and bugs are named where they are not what a run takes by itself', () => {
  const plan = madeUpPlan({ seed: 12 })
  expect(reproLine(plan)).toBe('npx concord sim run owner-pause --seed 12')
  expect(reproLine({ ...plan, level: 'bytes', bugs: ['a', 'b'], scenario: "my scenario's" })).toBe(`npx concord sim run 'my scenario'\\''s' --seed 12 --level bytes --bug a,b`)
})
