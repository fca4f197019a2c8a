/** Health and reflection, as every gRPC tool knows them. */
export * from './gen/grpc/health/v1/health_pb.ts'
export * from './gen/grpc/reflection/v1/reflection_pb.ts'
export { ServerReflection as ServerReflectionV1Alpha } from './gen/grpc/reflection/v1alpha/reflection_pb.ts'
