export * from './gen/concord/store/v1/snapshot_pb.ts'
