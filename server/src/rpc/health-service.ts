import type { ServiceImpl } from '@connectrpc/connect'
import { Code, ConnectError } from '@connectrpc/connect'
import { type Health, HealthCheckResponse_ServingStatus as Status } from '@concord/proto/grpc'
import type { Readiness } from './readiness.ts'

/** grpc.health.v1 for every service of this server and, under the empty name, for the server itself. */
export function healthService(readiness: Readiness, services: readonly string[]): ServiceImpl<typeof Health> {
  const known = new Set(['', ...services])
  const status = (): Status => (readiness.ready ? Status.SERVING : Status.NOT_SERVING)
  return {
    check({ service }) {
      if (!known.has(service)) throw new ConnectError(`no service ${JSON.stringify(service)} here`, Code.NotFound)
      return { status: status() }
    },
    list: () => ({ statuses: Object.fromEntries([...known].map((name) => [name, { status: status() }])) }),
    async *watch({ service }, { signal }) {
      if (!known.has(service)) yield { status: Status.SERVICE_UNKNOWN }
      else yield { status: status() }
      while (await readiness.changed(signal)) if (known.has(service)) yield { status: status() }
    },
  }
}
