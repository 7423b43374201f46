/** One's own password: on the set-up page, and in a dialog from the head of every page. */
import { useRef, useState } from 'preact/hooks';
import { Button } from '../../parts/button.tsx';
import { TextField } from '../../parts/field.tsx';
import { FailureNotice } from '../../parts/notice.tsx';
import { useRequest } from '../../parts/use-request.ts';
import { useConsole } from '../../state/console.ts';

/** As central demands (wire/console/session.ts, PasswordChange). */
const SHORTEST = 8;
const STRONG = 16;
const SENTENCE = 'A sentence you can remember is better than a word with digits.';

type PasswordFormProps = { onDone: () => void; onCancel?: () => void };

export function PasswordForm({ onDone, onCancel }: PasswordFormProps) {
  const { api, setUp, session } = useConsole();
  const request = useRequest();
  const form = useRef<HTMLFormElement>(null);
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [isTried, setTried] = useState(false);
  const isWrong = request.failure?.kind === 'refused' && request.failure.code === 'wrong-password';
  const currentError = isWrong
    ? 'This is not the present password'
    : isTried && current === ''
      ? 'Type the password you logged in with'
      : undefined;
  const nextError = isTried && next.length < SHORTEST ? `At least ${SHORTEST} characters` : undefined;
  const focus = (name: string) =>
    requestAnimationFrame(() => form.current?.querySelector<HTMLInputElement>(`[name=${name}]`)?.focus());

  function submit() {
    setTried(true);
    if (current === '') return focus('current');
    if (next.length < SHORTEST) return focus('next');
    void request.run(
      () => api.changePassword(current, next),
      () => {
        setUp.refresh();
        onDone();
      },
      () => focus('current'),
    );
  }

  return (
    <form
      ref={form}
      class="password-form"
      noValidate
      onSubmit={event => {
        event.preventDefault();
        submit();
      }}
    >
      {/* For password managers, which file the new password under this name. */}
      <input
        type="text"
        name="username"
        autocomplete="username"
        hidden
        readOnly
        value={session.value.kind === 'signed-in' ? session.value.username : ''}
      />
      <TextField
        label="Present password"
        name="current"
        value={current}
        onInput={value => {
          setCurrent(value);
          request.forget();
        }}
        error={currentError}
        autocomplete="current-password"
        isSecret
      />
      <TextField
        label="New password"
        name="next"
        value={next}
        onInput={setNext}
        error={nextError}
        hint={nextError ? SENTENCE : strengthOf(next)}
        autocomplete="new-password"
        isSecret
      />
      {request.failure && !isWrong && <FailureNotice failure={request.failure} />}
      <div class="buttons">
        <Button type="submit" look="primary" isBusy={request.isBusy}>
          Change password
        </Button>
        {onCancel && <Button onPress={onCancel}>Cancel</Button>}
      </div>
      <p class="soft small">You stay logged in here; anybody logged in elsewhere with your name is logged out.</p>
    </form>
  );
}

function strengthOf(password: string): string {
  if (password.length < SHORTEST) {
    return `At least ${SHORTEST} characters. ${SENTENCE}`;
  }
  return password.length < STRONG ? 'Long enough. The longer, the harder to guess.' : 'Long and good.';
}
