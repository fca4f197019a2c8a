import type { DescService } from '@bufbuild/protobuf'
import { AdminService, DocumentService, HistoryService, PresenceService, SyncService } from '@concord/proto'
import { Health, ServerReflection, ServerReflectionV1Alpha } from '@concord/proto/grpc'
import { type ConnectRouter, createConnectRouter, type ServiceImpl } from '@connectrpc/connect'
import { compressionGzip } from '@connectrpc/connect-node'
import type { UniversalHandler } from '@connectrpc/connect/protocol'
import { adminService } from './admin-service.ts'
import { failures } from './call-server.ts'
import { throwRefusal } from './call-info.ts'
import type { CarrierDeps } from './carrier-deps.ts'
import { documentService } from './document-service.ts'
import type { EdgeServices } from './edge-services.ts'
import { guardedCall } from './guarded-call.ts'
import { healthService } from './health-service.ts'
import { historyService } from './history-service.ts'
import { presenceService } from './presence-service.ts'
import { rawStream } from './raw-stream.ts'
import type { Readiness } from './readiness.ts'
import { reflection } from './reflection-service.ts'
import { followMethod, syncMethod, watchMethod, watchPresenceMethod } from './stream-methods.ts'
import { syncService } from './sync-service.ts'

export interface RouteOptions {
  readonly readiness: Readiness
  /** Reflection, and snapshots for owners. */
  readonly development: boolean
}

const COMPRESS_FROM_BYTES = 1024

/** Every call the port serves, each behind its guard. */
export function routes(services: EdgeServices, deps: CarrierDeps, { readiness, development }: RouteOptions): ConnectRouter {
  const router = createConnectRouter({
    readMaxBytes: deps.limits.messageBytes,
    compressMinBytes: COMPRESS_FROM_BYTES,
    acceptCompression: [compressionGzip],
    requireConnectProtocolHeader: true,
    requestGate: throwRefusal,
    interceptors: [failures(services.telemetry)],
  })
  const served: readonly DescService[] = [SyncService, PresenceService, DocumentService, HistoryService, AdminService, Health]
  router.service(SyncService, syncService(services))
  router.service(PresenceService, presenceService(services))
  router.service(DocumentService, documentService(services))
  router.service(HistoryService, historyService(services))
  router.service(AdminService, adminService(services, development))
  router.service(Health, healthService(readiness, served.map(({ typeName }) => typeName)))
  if (development) {
    const info = reflection([...served, ServerReflection])
    router.service(ServerReflection, { serverReflectionInfo: info })
    router.service(ServerReflectionV1Alpha, { serverReflectionInfo: info } as unknown as ServiceImpl<typeof ServerReflectionV1Alpha>)
  }
  guardAll(router, services, deps)
  return router
}

function guardAll({ handlers }: ConnectRouter, { sessions, presence }: EdgeServices, deps: CarrierDeps): void {
  const raw = [syncMethod(sessions), watchMethod(sessions), followMethod(presence), watchPresenceMethod(presence)] as const
  for (const [index, stock] of handlers.entries()) {
    const stream = raw.find(({ method }) => method === stock.method)
    handlers[index] = stream === undefined ? guardedCall(stock, { isPublic: isPublic(stock) }, deps) : rawStream(stock, stream as never, deps)
  }
}

/** Tools ask these before they have a token. */
function isPublic({ service }: UniversalHandler): boolean {
  return service.typeName.startsWith('grpc.')
}
