import { ConcordError } from '@concord/client'

/** What went wrong, for a person, and what to do. */
export interface Explanation {
  readonly title: string
  readonly advice: string
}

/** Explains any failure; the SDK's own reasons each in words of their own where a person can do something. */
export function explain(error: unknown): Explanation {
  if (!(error instanceof ConcordError)) return { title: 'Something went wrong', advice: error instanceof Error ? error.message : String(error) }
  switch (error.reason) {
    case 'UNREACHABLE':
      return { title: 'The server cannot be reached', advice: 'Check that it is running and that you are connected. Nothing you wrote is lost.' }
    case 'DOCUMENT_NOT_FOUND':
      return { title: 'This document is not here', advice: 'It was deleted, or nobody has shared it with you. Ask its owner for access.' }
    case 'ROLE_REQUIRED':
      return { title: 'Your role does not allow that', advice: 'Ask an owner of the document for a role that does.' }
    case 'DOCUMENT_EXISTS':
      return { title: 'There is such a document already', advice: 'Choose another address.' }
    case 'LAST_OWNER':
      return { title: 'A document needs an owner', advice: 'Make somebody else an owner first.' }
    case 'ETAG_MISMATCH':
      return { title: 'Somebody else was faster', advice: 'The document has changed since you looked. Try again.' }
    case 'RATE_LIMITED':
      return { title: 'That was too much at once', advice: 'Wait a moment, then try again.' }
    case 'DOCUMENT_FULL':
      return { title: 'The document is full', advice: 'Delete something or go on in a new document.' }
    case 'TOKEN_INVALID':
    case 'TOKEN_EXPIRED':
    case 'TOKEN_MISSING':
      return { title: 'You are signed out', advice: 'Choose who you are again.' }
    case 'SDK_TOO_OLD':
      return { title: 'This page is out of date', advice: 'Reload it.' }
    default:
      return { title: 'The server refused that', advice: error.message }
  }
}
