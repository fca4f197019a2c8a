/** What the server says about itself. Adapters: pino and prom-client; the simulator records. Never document text, never tokens. */
export interface Telemetry {
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: Readonly<Record<string, string | number | boolean>>): void
  /** Adds to a counter of the closed list in `this file`. */
  count(metric: CounterName, by?: number): void
  /** Puts a value into a histogram; durations in milliseconds. */
  observe(metric: HistogramName, value: number): void
  /** Sets a gauge. */
  gauge(metric: GaugeName, value: number): void
}

export type CounterName =
  | 'operations_total'
  | 'conflicts_total'
  | 'rejects_total'
  | 'resyncs_total'
  | 'divergence_total'
  | 'history_forked_total'
  | 'snapshots_total'
  | 'sessions_opened_total'
  | 'sessions_resumed_total'
  | 'duplicates_total'
  | 'append_failures_total'
  | 'seq_reused_total'
  | 'auth_failures_total'
  | 'connection_errors_total'

export type HistogramName =
  | 'operation_latency_ms'
  | 'operation_persist_latency_ms'
  | 'transform_latency_ms'
  | 'broadcast_latency_ms'
  | 'document_open_latency_ms'
  | 'append_batch_operations'
  | 'version_lag'

export type GaugeName = 'active_connections' | 'active_sessions' | 'active_documents' | 'hot_documents' | 'presence_participants'
