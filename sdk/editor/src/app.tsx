import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { forgetIdentity, type Identity, savedIdentity, saveIdentity } from './account/identity.ts'
import { forgetToken } from './account/token.ts'
import { Welcome } from './account/welcome.tsx'
import { DocumentPage } from './document/document-page.tsx'
import { DocumentList } from './documents/document-list.tsx'
import { readRoute } from './route.ts'
import { SessionContext, startSession } from './session.ts'
import { type ShowToast, type Toast, ToastContext, Toasts } from './ui/toasts.tsx'

/** Most messages shown at once; older ones make room. */
const MAX_TOASTS = 4

export function App() {
  const [identity, setIdentity] = useState<Identity | undefined>(savedIdentity)
  const [toasts, show, dismiss] = useToasts()
  const leave = useCallback(() => {
    forgetIdentity()
    forgetToken()
    setIdentity(undefined)
  }, [])
  const enter = (chosen: Identity): void => {
    saveIdentity(chosen)
    setIdentity(chosen)
  }
  return (
    <ToastContext.Provider value={show}>
      {identity === undefined ? <Welcome onChoose={enter} /> : <SignedIn key={identity.user} identity={identity} onLeave={leave} />}
      <Toasts toasts={toasts} dismiss={dismiss} />
    </ToastContext.Provider>
  )
}

function SignedIn({ identity, onLeave }: { readonly identity: Identity; readonly onLeave: () => void }) {
  const session = useMemo(() => startSession(identity), [identity])
  const route = useRoute()
  useEffect(() => () => void session.client.close(), [session])
  return (
    <SessionContext.Provider value={session}>
      {route.kind === 'list' ? <DocumentList onLeave={onLeave} /> : <DocumentPage key={route.name} name={route.name} onLeave={onLeave} />}
    </SessionContext.Provider>
  )
}

function useRoute() {
  const [hash, setHash] = useState(location.hash)
  useEffect(() => {
    const changed = (): void => setHash(location.hash)
    addEventListener('hashchange', changed)
    return () => removeEventListener('hashchange', changed)
  }, [])
  return useMemo(() => readRoute(hash), [hash])
}

function useToasts(): [readonly Toast[], ShowToast, (id: number) => void] {
  const [toasts, setToasts] = useState<readonly Toast[]>([])
  const next = useRef(1)
  const show = useCallback<ShowToast>((toast) => setToasts((all) => [...all, { ...toast, id: next.current++ }].slice(-MAX_TOASTS)), [])
  const dismiss = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), [])
  return [toasts, show, dismiss]
}
