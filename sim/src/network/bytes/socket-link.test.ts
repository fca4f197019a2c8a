import { testLink } from '../testing/link-suite.ts'
import { socketLink } from './socket-link.ts'

testLink('bytes, on a socket', socketLink)
