import { useState } from 'preact/hooks'
import { Avatar } from '../ui/avatar.tsx'
import { Logo } from '../ui/icon.tsx'
import { colorOf, type Identity, identityOf, SUGGESTIONS } from './identity.ts'
import { fetchToken, identityOfToken, NoDevelopmentIdentities, saveToken } from './token.ts'

/** The first visit: who are you? */
export function Welcome({ onChoose }: { readonly onChoose: (identity: Identity) => void }) {
  const [problem, setProblem] = useState<string>()
  const [needsToken, setNeedsToken] = useState(false)
  const [busy, setBusy] = useState(false)
  const choose = async (identity: Identity): Promise<void> => {
    setBusy(true)
    setProblem(undefined)
    try {
      await fetchToken(identity)
      onChoose(identity)
    } catch (error) {
      setNeedsToken(error instanceof NoDevelopmentIdentities)
      setProblem(error instanceof TypeError ? 'The server cannot be reached. Start it, then try again.' : (error as Error).message)
      setBusy(false)
    }
  }
  return (
    <main class="welcome">
      <div class="welcome-card">
        <Logo size={44} />
        <h1>Write together</h1>
        <p class="lead">Many people, one document. Every keystroke is kept, in one order that everybody sees.</p>
        {needsToken ? <TokenForm onChoose={onChoose} /> : <NameForm busy={busy} choose={choose} />}
        <p class="form-problem" role="alert">
          {problem}
        </p>
      </div>
      <Backdrop />
    </main>
  )
}

function NameForm({ busy, choose }: { readonly busy: boolean; readonly choose: (identity: Identity) => Promise<void> }) {
  const [name, setName] = useState('')
  const identity = identityOf(name)
  return (
    <>
      <form
        class="welcome-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (identity !== undefined) void choose(identity)
        }}
      >
        <label for="name">Your name</label>
        <div class="field-row">
          <Avatar name={name === '' ? '?' : name} color={identity === undefined ? '#9ca3af' : colorOf(identity.user)} />
          <input id="name" class="input" name="name" autocomplete="nickname" maxLength={60} placeholder="Ada Lovelace" value={name} onInput={(event) => setName(event.currentTarget.value)} autofocus />
          <button type="submit" class="button primary" disabled={identity === undefined || busy}>
            {busy ? 'One moment' : 'Continue'}
          </button>
        </div>
      </form>
      <p class="or">or be one of them</p>
      <ul class="people-choice">
        {SUGGESTIONS.map((suggestion) => {
          const person = identityOf(suggestion)!
          return (
            <li>
              <button type="button" class="person" disabled={busy} onClick={() => void choose(person)}>
                <Avatar name={person.name} color={colorOf(person.user)} />
                {person.name}
              </button>
            </li>
          )
        })}
      </ul>
    </>
  )
}

/** Production: identities come from elsewhere, as a token. */
function TokenForm({ onChoose }: { readonly onChoose: (identity: Identity) => void }) {
  const [token, setToken] = useState('')
  const identity = identityOfToken(token)
  return (
    <form
      class="welcome-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (identity === undefined) return
        saveToken(token)
        onChoose(identity)
      }}
    >
      <label for="token">Access token</label>
      <div class="field-row">
        <input id="token" class="input" type="password" autocomplete="off" placeholder="eyJ…" value={token} onInput={(event) => setToken(event.currentTarget.value)} autofocus />
        <button type="submit" class="button primary" disabled={identity === undefined}>
          Continue
        </button>
      </div>
      <p class="hint">{identity === undefined ? 'Make one with `concord token`, or take it from your identity provider.' : `You will be ${identity.name}.`}</p>
    </form>
  )
}

/** Two people writing, as a picture. */
function Backdrop() {
  return (
    <svg class="welcome-picture" viewBox="0 0 400 300" aria-hidden="true">
      <rect class="sheet back" x="84" y="46" width="236" height="232" rx="14" />
      <rect class="sheet" x="60" y="28" width="236" height="232" rx="14" />
      <g class="line">
        <path d="M86 66h112" class="strong" />
        <path d="M86 96h178M86 116h150M86 136h168M86 156h96" />
        <path d="M86 190h140M86 210h176M86 230h70" />
      </g>
      <g class="caret one">
        <path d="M190 148v18" />
        <rect x="190" y="132" width="40" height="17" rx="4" />
        <text x="210" y="144">Ada</text>
      </g>
      <g class="caret two">
        <path d="M164 222v18" />
        <rect x="164" y="206" width="48" height="17" rx="4" />
        <text x="188" y="218">Grace</text>
      </g>
      <rect class="glow" x="86" y="88" width="178" height="15" rx="3" />
    </svg>
  )
}
