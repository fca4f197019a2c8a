/** Parts of the system that a scenario may need and that do not exist yet. A part that is built leaves this table. */
export const MISSING_PARTS = {
  'device store': 'documents kept on the device over restarts of the page, through the real store of the SDK',
  'live state': 'routing, leases and presence shared between nodes (Redis)',
  'rate limits': 'limits on connections, and on calls by address',
  'degradation levels': 'levels of service told to clients, and shedding of load by them',
  relays: 'nodes that pass on a document that another node owns',
  'second region': 'replication of the log to another region, and promotion',
  'algorithm versions': 'two versions of the algebra side by side',
  'protocol versions': 'servers and clients of two releases side by side',
} as const

export type MissingPart = keyof typeof MISSING_PARTS

export const MISSING_PART_NAMES = Object.keys(MISSING_PARTS) as [MissingPart, ...MissingPart[]]
