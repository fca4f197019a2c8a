import { destination, type Logger, pino } from 'pino'
import type { Telemetry } from '../../ports/index.ts'

/** The counting half of telemetry. */
export type Meter = Omit<Telemetry, 'log'>

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** JSON lines on stderr, one per event: stdout says only what a script waits for. Written at once, so that a crash loses none. */
export function stderrLogger(level: LogLevel): Logger {
  return pino({ level, base: { service: 'concord' }, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } }, destination({ dest: 2, sync: true }))
}

/** Logs to pino, counts with `meter`. */
export function telemetryOf(logger: Logger, meter: Meter): Telemetry {
  return {
    log: (level, message, fields) => logger[level]({ ...fields }, message),
    count: (metric, by) => meter.count(metric, by),
    observe: (metric, value) => meter.observe(metric, value),
    gauge: (metric, value) => meter.gauge(metric, value),
  }
}
