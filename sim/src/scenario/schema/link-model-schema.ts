import { z } from 'zod'

const amount = z.number().min(0)
const probability = z.number().min(0).max(1)

export const linkModelSchema = z.strictObject({
  delayMs: amount,
  delayP99Ms: amount,
  bandwidth: amount,
  window: amount,
  repeat: probability,
  glitch: probability,
  slowReadMs: amount,
  sliceBytes: amount,
})
