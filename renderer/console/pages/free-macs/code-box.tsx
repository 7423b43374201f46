import { useRef, useState } from 'preact/hooks';
import type { PanelId } from '../../../../src/contract/values/ids.ts';
import { seconds } from '../../../../src/contract/values/time.ts';
import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { FailureNotice, Notice } from '../../parts/notice.tsx';
import { useRequest } from '../../parts/use-request.ts';
import { useConsole } from '../../state/console.ts';
import type { Failure } from '../../state/http.ts';
import { plainCode } from '../../state/route.ts';
import { roughly } from '../../words.ts';
import { codeMistake } from './code.ts';

type CodeBoxProps = {
  onPaired: (room: string) => void;
  /** It waits, but was not registered: its row is where to go on. */
  onFound: (panel: PanelId) => void;
};

/** For whoever stands in front of a panel and reads its code out. */
export function CodeBox({ onPaired, onFound }: CodeBoxProps) {
  const { api } = useConsole();
  const [typed, setTyped] = useState('');
  const [isAsked, setAsked] = useState(false);
  const { isBusy, failure, run, forget } = useRequest();
  const box = useRef<HTMLInputElement>(null);
  const mistake = codeMistake(typed);

  function submit() {
    setAsked(true);
    if (mistake) {
      box.current?.focus();
      return;
    }
    void run(
      () => api.enterCode(plainCode(typed)),
      answer => {
        setTyped('');
        setAsked(false);
        if (answer.kind === 'paired') onPaired(answer.room);
        else onFound(answer.panel);
      },
      () => box.current?.select(),
    );
  }
  return (
    <form
      class="card code-box"
      noValidate
      aria-label="Enter a code"
      onSubmit={event => {
        event.preventDefault();
        submit();
      }}
    >
      <Field
        label="Enter a code"
        error={isAsked ? (mistake ?? undefined) : undefined}
        hint="As it stands on the glass. A panel that was registered is paired at once."
      >
        {({ id, describedBy, isInvalid }) => (
          <div class="code-row">
            <input
              ref={box}
              id={id}
              name="code"
              class="input input-code"
              value={typed}
              placeholder="BCDF-GHJK"
              maxLength={40}
              autocomplete="off"
              autocapitalize="characters"
              spellcheck={false}
              aria-invalid={isInvalid}
              aria-describedby={describedBy}
              onInput={event => {
                setTyped(event.currentTarget.value);
                setAsked(false);
                forget();
              }}
            />
            <Button type="submit" look="primary" isBusy={isBusy}>
              Go
            </Button>
          </div>
        )}
      </Field>
      {failure && <CodeFailure failure={failure} />}
    </form>
  );
}

function CodeFailure({ failure }: { failure: Failure }) {
  if (failure.kind === 'refused' && failure.status === 429) {
    return (
      <Notice tone="bad" isAnswer>
        Too many wrong codes were tried.{' '}
        {failure.retryAfter === null ? 'Wait a while' : `Try again in ${roughly(atLeastOne(failure.retryAfter))}`}, or
        find the panel in the list below.
      </Notice>
    );
  }
  if (failure.kind === 'refused' && failure.code === 'code-unknown') {
    return (
      <Notice tone="bad" isAnswer>
        No panel waits with this code. Codes are good for ten minutes: look again, or ask for a new one on the panel.
      </Notice>
    );
  }
  return <FailureNotice failure={failure} />;
}

const atLeastOne = (wait: ReturnType<typeof seconds>) => (wait < seconds(1) ? seconds(1) : wait);
