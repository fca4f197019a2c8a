import { testLink } from '../testing/link-suite.ts'
import { messageLink } from './message-link.ts'

testLink('message', messageLink)
