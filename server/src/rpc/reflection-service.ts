import { create, type DescFile, type DescService, toBinary } from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt'
import type { MethodImpl } from '@connectrpc/connect'
import { type ServerReflection, type ServerReflectionRequest, ServerReflectionResponseSchema } from '@concord/proto/grpc'

type Answer = Parameters<typeof create<typeof ServerReflectionResponseSchema>>[1]
const NOT_FOUND = 5

/** Tells grpcurl and its like what is served. v1alpha is the same messages under another package name. */
export function reflection(services: readonly DescService[]): MethodImpl<typeof ServerReflection.method.serverReflectionInfo> {
  const files = filesOf(services)
  return async function* (requests) {
    for await (const request of requests) yield create(ServerReflectionResponseSchema, answer(request, services, files))
  }
}

function answer(request: ServerReflectionRequest, services: readonly DescService[], files: readonly DescFile[]): Answer {
  const { messageRequest } = request
  const base = { validHost: request.host, originalRequest: request }
  if (messageRequest.case === 'listServices') {
    const value = { service: services.map(({ typeName }) => ({ name: typeName })) }
    return { ...base, messageResponse: { case: 'listServicesResponse', value } }
  }
  const wanted = messageRequest.value
  const find = messageRequest.case === 'fileByFilename' ? (file: DescFile) => file.proto.name === wanted : (file: DescFile) => defines(file, String(wanted))
  const found = messageRequest.case === 'fileByFilename' || messageRequest.case === 'fileContainingSymbol' ? files.find(find) : undefined
  if (found === undefined) return { ...base, messageResponse: { case: 'errorResponse', value: { errorCode: NOT_FOUND, errorMessage: 'not found' } } }
  const value = { fileDescriptorProto: [toBinary(FileDescriptorProtoSchema, found.proto)] }
  return { ...base, messageResponse: { case: 'fileDescriptorResponse', value } }
}

/** The files of the services and, behind them, everything they import. */
function filesOf(services: readonly DescService[]): readonly DescFile[] {
  const found = new Map<string, DescFile>()
  const add = (file: DescFile): void => {
    if (found.has(file.proto.name)) return
    found.set(file.proto.name, file)
    file.dependencies.forEach(add)
  }
  for (const { file } of services) add(file)
  return [...found.values()]
}

function defines(file: DescFile, symbol: string): boolean {
  const methods = file.services.flatMap((service) => service.methods.map((method) => `${service.typeName}.${method.name}`))
  const types = [...file.services, ...file.messages, ...file.enums].map(({ typeName }) => typeName)
  const nested = file.messages.some(({ typeName }) => symbol.startsWith(`${typeName}.`))
  return nested || types.includes(symbol) || methods.includes(symbol)
}
