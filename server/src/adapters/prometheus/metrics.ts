import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { CounterName, GaugeName, HistogramName } from '../../ports/index.ts'

const COUNTERS: Readonly<Record<CounterName, string>> = {
  operations_total: 'Operations committed.',
  conflicts_total: 'Submits that had to pass operations committed since their base.',
  rejects_total: 'Submits refused.',
  resyncs_total: 'Sessions opened again by the server (R5).',
  divergence_total: 'Clients whose content differed from the server at the same version.',
  history_forked_total: 'Clients with a version that is not in the history (R15).',
  snapshots_total: 'Snapshots stored.',
  sessions_opened_total: 'Sessions opened.',
  sessions_resumed_total: 'Sessions opened by a client id that was here before.',
  duplicates_total: 'Submits answered with the decision they got before (R7).',
  append_failures_total: 'Appends that did not come back as committed.',
  seq_reused_total: 'Sequence numbers used for other bytes (R8).',
  auth_failures_total: 'Tokens refused.',
  connection_errors_total: 'Connections that broke off with an error.',
}

const MS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000]
const COUNTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000]

const HISTOGRAMS: Readonly<Record<HistogramName, { readonly help: string; readonly buckets: number[] }>> = {
  operation_latency_ms: { help: 'From the arrival of a submit to its decision, in ms.', buckets: MS },
  operation_persist_latency_ms: { help: 'Of one append, in ms.', buckets: MS },
  transform_latency_ms: { help: 'Of passing one submit over what was committed since its base, in ms.', buckets: [0.001, 0.01, 0.1, ...MS] },
  broadcast_latency_ms: { help: 'From the commit to the last session that was woken, in ms.', buckets: MS },
  document_open_latency_ms: { help: 'Of loading a document, in ms.', buckets: MS },
  append_batch_operations: { help: 'Operations in one append.', buckets: COUNTS },
  version_lag: { help: 'Versions a submit was behind the head.', buckets: [0, ...COUNTS] },
}

const GAUGES: Readonly<Record<GaugeName, string>> = {
  active_connections: 'Connections open.',
  active_sessions: 'Sessions open.',
  active_documents: 'Documents in memory.',
  hot_documents: 'Documents with more than 50 editors.',
  presence_participants: 'Participants present.',
}

const PREFIX = 'concord_'

/** The closed list of `ports/telemetry.ts` as Prometheus metrics, beside those of the process. */
export class Metrics {
  readonly #registry = new Registry()
  readonly #counters: Readonly<Record<CounterName, Counter>>
  readonly #histograms: Readonly<Record<HistogramName, Histogram>>
  readonly #gauges: Readonly<Record<GaugeName, Gauge>>

  constructor() {
    const registers = [this.#registry]
    collectDefaultMetrics({ register: this.#registry, prefix: PREFIX })
    this.#counters = mapRecord(COUNTERS, (help, name) => new Counter({ name: PREFIX + name, help, registers }))
    this.#histograms = mapRecord(HISTOGRAMS, ({ help, buckets }, name) => new Histogram({ name: PREFIX + name, help, buckets, registers }))
    this.#gauges = mapRecord(GAUGES, (help, name) => new Gauge({ name: PREFIX + name, help, registers }))
  }

  get contentType(): string {
    return this.#registry.contentType
  }

  count(metric: CounterName, by = 1): void {
    this.#counters[metric].inc(by)
  }

  observe(metric: HistogramName, value: number): void {
    this.#histograms[metric].observe(value)
  }

  gauge(metric: GaugeName, value: number): void {
    this.#gauges[metric].set(value)
  }

  render(): Promise<string> {
    return this.#registry.metrics()
  }
}

function mapRecord<Name extends string, From, To>(record: Readonly<Record<Name, From>>, make: (value: From, name: Name) => To): Record<Name, To> {
  return Object.fromEntries(Object.entries<From>(record).map(([name, value]) => [name, make(value, name as Name)])) as Record<Name, To>
}
