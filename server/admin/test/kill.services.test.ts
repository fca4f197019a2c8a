import { test } from 'vitest'
import { killRounds } from './kill-rounds.ts'

test('P1 durable before acknowledged: the server is killed under load, 10 rounds', () => killRounds(10))
