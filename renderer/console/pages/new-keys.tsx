/** Makes keys and shows them, this once. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import * as v from 'valibot';
import { NewLicenceKeysInput } from '../../../src/contract/wire/console.ts';
import { Button } from '../parts/button.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { Field, TextField } from '../parts/field.tsx';
import { FailureNotice } from '../parts/notice.tsx';
import { useConsole } from '../state/console.ts';
import type { Failure } from '../state/http.ts';
import { keys } from '../words.ts';

export function NewKeys({ onDone }: { onDone: () => void }) {
  const [made, setMade] = useState<string[] | null>(null);
  return made ? <MadeKeys made={made} onDone={onDone} /> : <Form onMade={setMade} onCancel={onDone} />;
}

function Form({ onMade, onCancel }: { onMade: (made: string[]) => void; onCancel: () => void }) {
  const { api, licenceKeys, overview } = useConsole();
  const [amount, setAmount] = useState('10');
  const [note, setNote] = useState('');
  const [isAsked, setAsked] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.select(), []);
  const parsed = v.safeParse(NewLicenceKeysInput, { count: amount.trim() === '' ? Number.NaN : Number(amount), note });
  const wrong = parsed.success ? {} : (v.flatten<typeof NewLicenceKeysInput>(parsed.issues).nested ?? {});

  async function submit() {
    setAsked(true);
    if (!parsed.success || isBusy) return field.current?.focus();
    setBusy(true);
    setFailure(null);
    const answer = await api.createLicenceKeys(parsed.output.count, parsed.output.note);
    setBusy(false);
    if (answer.kind !== 'ok') return setFailure(answer);
    licenceKeys.refresh();
    overview.refresh();
    onMade(answer.value.keys.map(({ key }) => key));
  }
  return (
    <form
      class="card new-keys"
      noValidate
      aria-label="Create licence keys"
      onSubmit={event => {
        event.preventDefault();
        void submit();
      }}
    >
      <div class="new-keys-fields">
        <Field label="How many" error={isAsked && wrong.count ? 'From 1 to 500' : undefined}>
          {({ id, describedBy, isInvalid }) => (
            <input
              ref={field}
              id={id}
              name="count"
              class="input number"
              inputMode="numeric"
              value={amount}
              aria-invalid={isInvalid}
              aria-describedby={describedBy}
              onInput={event => setAmount(event.currentTarget.value)}
            />
          )}
        </Field>
        <TextField
          label="Note"
          name="note"
          value={note}
          onInput={setNote}
          error={isAsked && wrong.note ? 'At most 200 characters' : undefined}
          placeholder="What they are for, such as Tower A, 2nd floor"
          isOptional
        />
      </div>
      {failure && <FailureNotice failure={failure} />}
      <div class="buttons">
        <Button type="submit" look="primary" isBusy={isBusy}>
          Create
        </Button>
        <Button onPress={onCancel}>Cancel</Button>
      </div>
    </form>
  );
}

function MadeKeys({ made, onDone }: { made: string[]; onDone: () => void }) {
  const { router } = useConsole();
  const title = useRef<HTMLHeadingElement>(null);
  const [isCopied, setCopied] = useState(false);
  useLayoutEffect(() => title.current?.focus(), []);
  useEffect(() => {
    if (isCopied) return;
    router.guard.value = () => ({
      title: 'Leave without copying the keys?',
      text: 'They are shown this once. Central keeps only their first and last characters.',
      leave: 'Leave',
      stay: 'Stay here',
      discard: onDone,
    });
    return () => {
      router.guard.value = null;
    };
  }, [isCopied]);
  return (
    <section class="card made-keys" aria-labelledby="made-keys">
      <h2 id="made-keys" ref={title} tabIndex={-1}>
        {keys(made.length)} created
      </h2>
      <p>They are shown this once. Copy them to where you keep such things.</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: five hundred keys scroll, and the keyboard must be able to. */}
      <ol class="key-list" tabIndex={0} aria-label="The new keys">
        {made.map(key => (
          <li key={key}>
            <code>{key}</code>
          </li>
        ))}
      </ol>
      <div class="buttons">
        <CopyButton text={made.join('\n')} look="primary" onCopied={() => setCopied(true)}>
          Copy all
        </CopyButton>
        <Button onPress={() => router.askBefore(onDone)}>Done</Button>
      </div>
    </section>
  );
}
