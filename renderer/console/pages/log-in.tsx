import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type Duration, seconds } from '../../../src/contract/values/time.ts';
import { Button } from '../parts/button.tsx';
import { TextField } from '../parts/field.tsx';
import { Logo } from '../parts/icon.tsx';
import { Notice } from '../parts/notice.tsx';
import type { LoginAnswer } from '../state/api.ts';
import { type SessionState, useConsole } from '../state/console.ts';
import { failureWords, roughly } from '../words.ts';

type Refusal = Exclude<LoginAnswer, { kind: 'ok' }>;

export function LogInPage({ why }: { why: Extract<SessionState, { kind: 'signed-out' }>['why'] }) {
  const { api, signedIn } = useConsole();
  const form = useRef<HTMLFormElement>(null);
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const focus = (name: 'username' | 'password') =>
    form.current?.querySelector<HTMLInputElement>(`[name=${name}]`)?.focus();
  useLayoutEffect(() => focus('username'), []);

  async function submit() {
    if (isBusy) return;
    if (username.trim() === '' || password === '') return focus(username.trim() === '' ? 'username' : 'password');
    setBusy(true);
    setRefusal(null);
    const answer = await api.login(username.trim(), password);
    // Central knows how the name is really written.
    const session = answer.kind === 'ok' ? await api.session() : null;
    setBusy(false);
    if (answer.kind === 'ok') return signedIn(session?.kind === 'ok' ? session.value.username : username.trim());
    setRefusal(answer);
    if (answer.kind === 'wrong-password') {
      setPassword('');
      focus('password');
    }
  }

  return (
    <main class="lone">
      <form
        ref={form}
        class="card log-in"
        onSubmit={event => {
          event.preventDefault();
          void submit();
        }}
      >
        <header class="log-in-head">
          <Logo />
          <h1>Lintel</h1>
        </header>
        {refusal && (
          <Notice tone="bad" isAnswer>
            {refusalWords(refusal)}
          </Notice>
        )}
        {!refusal && why === 'expired' && (
          <Notice tone="info" isAnswer>
            Your session has ended. Log in and you are back where you were.
          </Notice>
        )}
        {!refusal && why === 'left' && (
          <Notice tone="good" isAnswer>
            You are logged out.
          </Notice>
        )}
        <TextField label="User name" name="username" value={username} onInput={setUsername} autocomplete="username" />
        <TextField
          label="Password"
          name="password"
          value={password}
          onInput={setPassword}
          autocomplete="current-password"
          isSecret
        />
        <Button type="submit" look="primary" isBusy={isBusy}>
          Log in
        </Button>
        {why === 'not-yet' && (
          <p class="soft small">
            The first password was printed once when central was set up. <code>lintel central --init</code> sets a new
            one.
          </p>
        )}
      </form>
    </main>
  );
}

function refusalWords(refusal: Refusal): string {
  switch (refusal.kind) {
    case 'wrong-password':
      return 'User name or password is wrong.';
    case 'too-many-tries':
      return `Too many tries. ${waitWords(refusal.retryAfter)}`;
    default:
      return failureWords(refusal);
  }
}

const waitWords = (wait: Duration | null) =>
  wait === null || wait < seconds(1) ? 'Wait a minute, then try again.' : `Try again in ${roughly(wait)}.`;
