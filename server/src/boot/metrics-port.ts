import { createServer, type Server } from 'node:http'
import type { Address } from '../config.ts'
import { send, text } from '../rpc/http/answer.ts'
import { type Exposition, metricsAnswer } from '../rpc/http/plain-routes.ts'

/** `/metrics` on a port of its own, which a firewall can close. */
export async function openMetricsPort({ host, port }: Address, metrics: Exposition): Promise<Server> {
  const server = createServer((request, response) => {
    const answer = request.url === '/metrics' ? metricsAnswer(metrics) : Promise.resolve(text(404, 'not found\n'))
    answer.then((found) => send(response, found), () => send(response, text(500, 'a fault of the server\n')))
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
  return server
}
