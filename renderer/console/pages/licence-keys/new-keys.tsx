/** Makes keys and shows them, this once. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import * as v from 'valibot';
import { NewLicenceKeysInput } from '../../../../src/contract/wire/console.ts';
import { Button } from '../../parts/button.tsx';
import { Field, TextField } from '../../parts/field.tsx';
import { FailureNotice, Notice } from '../../parts/notice.tsx';
import { useRequest } from '../../parts/use-request.ts';
import { useConsole } from '../../state/console.ts';
import { keys } from '../../words.ts';
import { keysLeft } from './licence-words.ts';
import { MadeKeys } from './made-keys.tsx';

type Made = { keys: string[]; note: string };

export function NewKeys({ onDone }: { onDone: () => void }) {
  const [made, setMade] = useState<Made | null>(null);
  if (made) return <MadeKeys made={made.keys} note={made.note} onDone={onDone} />;
  return <Form onMade={setMade} onCancel={onDone} />;
}

function Form({ onMade, onCancel }: { onMade: (made: Made) => void; onCancel: () => void }) {
  const { api, licenceKeys, licence, overview } = useConsole();
  const [amount, setAmount] = useState('10');
  const [note, setNote] = useState('');
  const [isAsked, setAsked] = useState(false);
  const { isBusy, failure, run } = useRequest();
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.select(), []);
  const parsed = v.safeParse(NewLicenceKeysInput, { count: amount.trim() === '' ? Number.NaN : Number(amount), note });
  const wrong = parsed.success ? {} : (v.flatten<typeof NewLicenceKeysInput>(parsed.issues).nested ?? {});

  const left = licence.value.value && keysLeft(licence.value.value);
  const isTooMany = parsed.success && left !== null && parsed.output.count > left;

  function submit() {
    setAsked(true);
    if (!parsed.success) {
      field.current?.focus();
      return;
    }
    const { count, note: noted } = parsed.output;
    void run(
      () => api.createLicenceKeys(count, noted),
      created => {
        for (const resource of [licenceKeys, licence, overview]) resource.refresh();
        onMade({ keys: created.keys.map(({ key }) => key), note: noted });
      },
    );
  }
  return (
    <form
      class="card new-keys"
      noValidate
      aria-label="Create licence keys"
      onSubmit={event => {
        event.preventDefault();
        submit();
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
      {isTooMany && !failure && (
        <Notice tone="warn">
          The licence file leaves room for {keys(left ?? 0)}. Revoke keys that are not needed, or import a file with
          more seats.
        </Notice>
      )}
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
