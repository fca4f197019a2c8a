import type { NodeRequest } from '../one-port.ts'
import type { Readiness } from '../readiness.ts'
import { type Answer, text } from './answer.ts'
import { devToken, type IssueToken } from './dev-token.ts'
import type { PageFiles } from './page-files.ts'

/** The metrics in Prometheus' text format. */
export interface Exposition {
  readonly contentType: string
  render(): Promise<string>
}

export interface PlainParts {
  readonly readiness: Readiness
  readonly page: PageFiles
  /** Left out when metrics have a port of their own. */
  readonly metrics?: Exposition
  /** Left out unless in development mode on a loopback listener. */
  readonly issueToken?: IssueToken
  readonly port: () => number
}

/** What the port answers beside calls and sockets. */
export async function plainAnswer(request: NodeRequest, path: string, parts: PlainParts): Promise<Answer> {
  switch (path) {
    case '/healthz':
      return text(200, 'ok\n')
    case '/readyz':
      return parts.readiness.ready ? text(200, 'ready\n') : text(503, 'not ready\n')
    case '/metrics':
      return parts.metrics === undefined ? text(404, 'not found\n') : metricsAnswer(parts.metrics)
    case '/dev/token':
      return parts.issueToken === undefined ? text(404, 'not found\n') : devToken(request, parts.port(), parts.issueToken)
    default:
      return parts.page.answer(request, path)
  }
}

export async function metricsAnswer(metrics: Exposition): Promise<Answer> {
  return { ...text(200, await metrics.render()), headers: { 'content-type': metrics.contentType, 'cache-control': 'no-store' } }
}
