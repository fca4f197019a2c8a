import { expect, test } from 'vitest'
import { FileError } from '../../scenario/file/file-error.ts'
import { type Calibration, calibrationSchema, COSTS, type CostName, parseCalibration } from '../calibration.ts'
import { DEFAULT_CALIBRATION, serverCosts } from '../costs.ts'
import { readersOfAnOperation } from '../fleet/fleet-replays.ts'
import { checkClaims } from './claims.ts'
import { bytesOf, cpuOf, ratesOf, snapshotOpen } from './demand.ts'
import { breakingOf, hotDocument } from './first-to-break.ts'
import { kneeOf, waitP99 } from './knee.ts'
import { makePlan } from './make-plan.ts'
import { costLines, totalOf } from './monthly-cost.ts'
import { parsePlan } from './parse-plan.ts'
import { planReport } from './plan-report.ts'
import { planSchema, type PlanInput } from './plan-schema.ts'
import { planText } from './plan-text.ts'
import { presetNames, readPreset } from './presets.ts'
import { regionsOf, SECONDS_PER_MONTH, sizeOf, storageOf } from './sizing.ts'
import { fitUsl, uslPeak, uslThroughput } from './usl.ts'
import { relaysOf, whatIfsOf } from './what-ifs.ts'

/** Every cost is 1 of its unit, but those named. */
function calibrationOf(costs: Partial<Record<CostName, number>>): Calibration {
  const all = Object.fromEntries((Object.keys(COSTS) as CostName[]).map((name) => [name, { unit: COSTS[name].unit, median: costs[name] ?? 1, min: 0, max: 2, rounds: 1 }]))
  return { ...DEFAULT_CALIBRATION, costs: all as Calibration['costs'] }
}

function planOf(change: Record<string, unknown> = {}): PlanInput {
  return planSchema.parse({
    title: 'by hand',
    users: { total: 1_000, daily: 1_000, sessions: 1_000, idleShare: 0.5, reconnectsPerMinute: 0.06 },
    documents: { total: 100, open: 100, size: 10_000, readers: 3 },
    rates: { operations: 100, peakFactor: 2, presence: 500, opens: 10, coldShare: 0.1 },
    ...change,
  })
}

test('rates: an operation goes to every reader, presence to everybody who moves, ten states and twenty messages a second at most', () => {
  const rates = ratesOf(planOf(), 2)
  expect(rates).toMatchObject({ operations: 200, deliveries: 600, presence: 1_000, opens: 20, coldOpens: 2, reconnects: 1, appends: 200 })
  // 500 active, each sees 3 others who move twice a second: 6 messages a second.
  expect([rates.presenceMessages, rates.presenceStates]).toEqual([3_000, 3_000])
  expect(ratesOf(planOf({ rates: { operations: 1, presence: 100_000 } }))).toMatchObject({ presenceMessages: 10_000, presenceStates: 15_000 })
})

test('processor time is rate times cost, line by line', () => {
  const input = planOf({ server: { storeCallMs: 0.5, slowness: 2 } })
  const parts = new Map(cpuOf(ratesOf(input, 2), input, calibrationOf({ submit: 3, 'frame.socket': 0.25, 'load.kunit': 0.5, idle: 0.01 })).map(({ what, ms }) => [what, ms]))
  expect(Object.fromEntries(parts)).toMatchObject({ operations: 200 * 3 * 2, appends: 100, deliveries: 600 * 0.25 * 2, opens: 20 * 2 * 2, loads: 2 * (1 + 10 * 0.5) * 2, reconnects: 6, 'idle sessions': 20 })
})

test('bytes: operations up, acks and changes and presence and content down', () => {
  const input = planOf()
  const { down } = bytesOf(ratesOf(input), input, calibrationOf({ 'bytes.frame.socket': 40, 'bytes.ack': 20, 'bytes.presence': 100 }))
  expect(down).toBeCloseTo(100 * 20 + 300 * 40 + ratesOf(input).presenceMessages * (100 + 1) + 10 * 10_001 + 1 + 1_000 * (12 / 25))
})

test('an open between two measured sizes costs what lies between them', () => {
  const calibration = calibrationOf({ 'open.snapshot.1k': 1, 'open.snapshot.10k': 2, 'open.snapshot.100k': 11, 'open.snapshot.1m': 101 })
  expect([1_000, 5_500, 10_000, 55_000, 1_000_000, 2_000_000].map((units) => snapshotOpen(units, calibration))).toEqual([1, 1.5, 2, 6.5, 101, 201])
})

test('what may fail: a zone of three takes half as much again, one machine at least one, a region what the others must carry', () => {
  expect(regionsOf(planOf(), 10)).toEqual([{ name: 'one', needed: 10, servers: 15 }])
  expect(regionsOf(planOf({ survives: { zones: 1, nodes: 1 } }), 0.2)).toEqual([{ name: 'one', needed: 0.2, servers: 2 }])
  const halves = [{ name: 'a', share: 0.5 }, { name: 'b', share: 0.5 }]
  expect(regionsOf(planOf({ regions: halves, survives: { zones: 1, nodes: 0, region: true } }), 10).map(({ servers }) => servers)).toEqual([10, 10])
})

test('storage: rows a day times days, three copies while hot', () => {
  const growth = storageOf(planOf({ cassandra: { rowBytes: 100, compression: 0.5 }, retention: { hotDays: 10, archiveDays: 100, snapshotsKept: 2 } }))
  const perDay = (100 * 86_400 * 100 * 0.5) / 1e9
  expect(growth.logGBPerMonth).toBeCloseTo(30 * perDay)
  expect(growth.hotGB).toBeCloseTo(10 * perDay * 3)
  expect(growth.archiveGBAfterYear).toBeCloseTo(100 * perDay)
  expect(growth.snapshotGB).toBeCloseTo((100 * 10_000 * 2) / 1e9)
})

test('cost: quantity times price, and their sum', () => {
  const input = planOf({ prices: { server: 7 } })
  const sizing = sizeOf(input, DEFAULT_CALIBRATION)
  const lines = costLines(input, sizing)
  expect(lines.find(({ component }) => component === 'servers')?.monthly).toBe(sizing.servers * 7)
  expect(totalOf(lines)).toBeCloseTo(lines.reduce((sum, { quantity, price }) => sum + quantity * price, 0))
  expect(SECONDS_PER_MONTH).toBe(2_592_000)
})

test('USL: the fit finds the curve that points were made from, and its peak', () => {
  const made = { lambda: 1_000, sigma: 0.05, kappa: 0.002 }
  const points = [1, 2, 4, 8, 16, 32, 64].map((concurrency, index) => ({ concurrency, perSecond: uslThroughput(made, concurrency) * (index % 2 === 0 ? 1.01 : 0.99), cpu: 0 }))
  const fit = fitUsl(points)
  expect(fit.lambda / made.lambda).toBeCloseTo(1, 1)
  expect(fit.sigma).toBeCloseTo(made.sigma, 1)
  expect(fit.kappa).toBeCloseTo(made.kappa, 3)
  expect(uslPeak(made)).toBeCloseTo(Math.sqrt(0.95 / 0.002))
  expect(fitUsl([1, 2, 4].map((concurrency) => ({ concurrency, perSecond: 100 * concurrency, cpu: 0 }))).kappa).toBeCloseTo(0)
})

test('the knee: the last load whose 99th percentile keeps the service level', () => {
  const knee = kneeOf(planOf({ level: { ackP99Ms: 30 } }), DEFAULT_CALIBRATION)
  const next = knee.curve[knee.curve.findIndex(({ operations }) => operations === knee.operations) + 1]
  expect(knee.utilisation).toBeGreaterThan(0.5)
  expect(next?.p99Ms).toBeGreaterThan(30)
  expect(waitP99(0.5, 2)).toBeCloseTo((Math.log(50) * 2) / 1)
})

test('what breaks: pressure grows with the load, and the busiest document with its square', () => {
  const input = planOf()
  const breaking = breakingOf(input, sizeOf(input, DEFAULT_CALIBRATION), DEFAULT_CALIBRATION)
  expect(breaking.map(({ factor }) => factor)).toEqual([1, 2, 10])
  const cpu = breaking.map(({ pressures }) => pressures.find(({ resource }) => resource === 'servers: processor')?.load ?? 0)
  expect((cpu[1] ?? 0) / (cpu[0] ?? 1)).toBeCloseTo(2)
  const calibration = calibrationOf({ submit: 0, 'frame.socket': 1 })
  expect(hotDocument(planOf({ documents: { total: 1, open: 1, hotEditors: 10 } }), calibration)).toBeCloseTo((10 * 9) / 1_000)
  expect(hotDocument(planOf({ documents: { total: 1, open: 1, hotEditors: 10 } }), calibration, 2)).toBeCloseTo((20 * 19) / 1_000)
  expect(relaysOf(planOf({ documents: { total: 1, open: 1, hotEditors: 100 } }), calibration)).toMatchObject({ before: 9.9, after: 1 })
})

test('the source document 001 contradicts its own factors by 100 and by 8', () => {
  const claims = checkClaims(readPreset('001').claims)
  const connections = claims.find(({ where }) => where === '001:3984')
  const operations = claims.find(({ what }) => what === 'operations a month')
  expect(connections).toMatchObject({ says: 432_000, agrees: false })
  expect(connections?.gives).toBeCloseTo(4_320)
  expect(operations).toMatchObject({ says: 390_000, agrees: false })
  expect(operations?.gives).toBeCloseTo(3_110_400)
  expect(claims.find(({ where }) => where === '001:2120')).toMatchObject({ gives: 930_000, agrees: true })
})

test.each(presetNames())('preset %s: a whole plan with text, page, delta for each what-if and a claim checked', (name) => {
  const plan = makePlan(readPreset(name), DEFAULT_CALIBRATION)
  expect(plan.monthly).toBeCloseTo(totalOf(plan.costs))
  expect(plan.sizing.servers).toBeGreaterThanOrEqual(2)
  expect(plan.claims.length).toBeGreaterThan(0)
  for (const { monthly, delta } of whatIfsOf(plan.input, DEFAULT_CALIBRATION)) expect(monthly - delta).toBeCloseTo(plan.monthly)
  expect(planText(plan)).toContain(plan.error.sentence)
  expect(planReport(plan)).toContain(plan.error.sentence.slice(0, 20))
  for (const assumption of plan.assumptions) expect(planText(plan)).toContain(assumption)
})

test('presets carry the figures of their documents', () => {
  expect(presetNames()).toEqual(['000', '001', '002', '003', '004'])
  expect(readPreset('000')).toMatchObject({ users: { daily: 200e6, sessions: 30e6 }, rates: { operations: 3.5e6, peakFactor: 3 } })
  expect(readPreset('001')).toMatchObject({ users: { total: 500e6, daily: 50e6, sessions: 10e6 }, rates: { operations: 5e6, peakFactor: 3, presence: 50e6, opens: 100e3 } })
  expect(readPreset('002')).toMatchObject({ users: { total: 100e6, daily: 30e6, sessions: 15e6 }, rates: { operations: 5e6, presence: 11e6 } })
  expect(readPreset('003')).toMatchObject({ users: { sessions: 500e3 } })
  expect(readPreset('004')).toMatchObject({ users: { sessions: 10e3 } })
})

const GOOD = 'title: mine\nusers: { total: 10, daily: 5, sessions: 2 }\ndocuments: { total: 5, open: 2 }\nrates: { operations: 3 }\n'

test.each([
  ['no YAML', 'title: [', /^my\.yaml:1:\d+: /],
  ['an unknown key', `${GOOD}prises: {}\n`, /^my\.yaml:5:1: .*prises/],
  ['a number that is none', GOOD.replace('operations: 3', 'operations: many'), /^my\.yaml:4:22: rates\.operations /],
  ['what is missing', GOOD.replace(', sessions: 2', ''), /^my\.yaml:2:1: users "sessions" is missing/],
  ['shares that add up to more', `${GOOD}regions:\n  - { name: a, share: 1 }\n  - { name: b, share: 1 }\n`, /^my\.yaml:5:1: the shares of regions add up to 2/],
  ['a region to lose and no other', `${GOOD}survives: { region: true }\n`, /^my\.yaml:5:1: survives\.region needs two/],
])('a file with %s is refused with its place', (_, text, message) => {
  expect(() => parsePlan(text, 'my.yaml')).toThrow(FileError)
  expect(() => parsePlan(text, 'my.yaml')).toThrow(message)
})

test('a short file is a plan', () => {
  expect(parsePlan(GOOD, 'my.yaml')).toMatchObject({ utilisation: 0.6, survives: { zones: 3 }, prices: { server: 200 } })
})

test('the committed calibration is whole, and others are refused by the field that is wrong', () => {
  expect(calibrationSchema.safeParse(DEFAULT_CALIBRATION).success).toBe(true)
  expect(Object.keys(DEFAULT_CALIBRATION.costs).sort()).toEqual(Object.keys(COSTS).sort())
  for (const { median, min, max } of Object.values(DEFAULT_CALIBRATION.costs)) expect(median >= min && median <= max && min >= 0).toBe(true)
  expect(() => parseCalibration(JSON.stringify({ ...DEFAULT_CALIBRATION, format: 2 }), 'c.json')).toThrow(/c\.json is no calibration[^]*format/)
  expect(() => parseCalibration('{', 'c.json')).toThrow('c.json is no JSON')
})

test('the costs of the processor model are those of the calibration, all above zero', () => {
  for (const [work, ms] of Object.entries(serverCosts())) expect(ms, work).toBeGreaterThan(0)
  expect(serverCosts(calibrationOf({ submit: 42 })).submit).toBe(42)
})

test('readers of an operation: big documents count by their editors', () => {
  expect(readersOfAnOperation()).toBeGreaterThan(3)
  expect(readersOfAnOperation()).toBeLessThan(12)
})
