import { z } from 'zod'
import { TRICKS } from '../../plan/tricks.ts'
import { linkModelSchema } from './link-model-schema.ts'

const id = z.string().min(1)
const base = { id, at: z.number().min(0), needs: z.array(id).exactOptional() }
const place = z.number().min(0).max(1)
const count = z.int().min(0)
const attributes = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
const changes = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))

function actor<Kind extends string, Shape extends z.core.$ZodLooseShape>(kind: Kind, shape: Shape) {
  return z.strictObject({ ...base, actor: id, kind: z.literal(kind), ...shape })
}

function node<Kind extends string, Shape extends z.core.$ZodLooseShape>(kind: Kind, shape: Shape) {
  return z.strictObject({ ...base, node: id, kind: z.literal(kind), ...shape })
}

function storage<Kind extends string, Shape extends z.core.$ZodLooseShape>(kind: Kind, shape: Shape) {
  return z.strictObject({ ...base, node: id.exactOptional(), kind: z.literal(kind), ...shape })
}

function document<Kind extends string, Shape extends z.core.$ZodLooseShape>(kind: Kind, shape: Shape) {
  return z.strictObject({ ...base, document: id, kind: z.literal(kind), ...shape })
}

export const actorEvents = [
  actor('join', {}),
  actor('leave', {}),
  actor('insert', { text: z.string(), place: place.exactOptional(), attributes: attributes.exactOptional() }),
  actor('delete', { place, count }),
  actor('replace', { place, count, text: z.string() }),
  actor('format', { place, count, attributes: changes }),
  actor('embed', { place, type: z.string(), data: z.string() }),
  actor('undo', {}),
  actor('redo', {}),
  actor('boundary', {}),
  actor('paste', { place, text: z.string(), units: count }),
  actor('presence', { place }),
  actor('crash', {}),
  actor('cut', {}),
  actor('offline', {}),
  actor('online', {}),
  actor('hang', {}),
  actor('stall', { forMs: z.number().min(0) }),
  actor('link', { model: linkModelSchema }),
  actor('misbehave', { text: z.string() }),
  actor('corrupt', {}),
  actor('distrust', {}),
  actor('stale-device', { count }),
  actor('attack', { trick: z.enum(TRICKS) }),
] as const

export const otherEvents = [
  node('kill', {}),
  node('start', {}),
  node('drain', {}),
  node('pause', {}),
  node('resume', {}),
  node('clock', { byMs: z.number() }),
  node('slow', { factor: z.number().positive() }),
  storage('ambiguous', { outcome: z.enum(['applied', 'lost']) }),
  storage('storage', { unavailable: z.enum(['nothing', 'writes', 'everything']) }),
  storage('storage-slow', { delayMs: z.number().min(0) }),
  storage('permissions', { available: z.boolean() }),
  storage('keys', { available: z.boolean() }),
  z.strictObject({ ...base, kind: z.literal('partition'), a: z.array(id), b: z.array(id), oneWay: z.boolean() }),
  z.strictObject({ ...base, kind: z.literal('heal'), partition: id }),
  document('role', { user: id, role: z.enum(['viewer', 'commenter', 'editor']) }),
  document('revoke', { user: id }),
  document('delete', {}),
  document('lose-tail', { count }),
  document('flip-bit', {}),
] as const
