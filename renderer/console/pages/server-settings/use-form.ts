/** One connection's form: what is typed, what is wrong with it, and saving it. */
import { batch } from '@preact/signals';
import type { RefObject } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { ServerSettingsInput } from '../../../../src/contract/wire/console.ts';
import { useConsole } from '../../state/console.ts';
import type { Answer, Failure } from '../../state/http.ts';
import { check, type FieldErrors, type Fields, fieldsOf, heldIn, isSame, type Stored, withFields } from './draft.ts';
import { isInstalled } from './kinds.ts';

export type Outcome<T> = { kind: 'saved'; answer: T } | { kind: 'failed'; failure: Failure } | { kind: 'invalid' };

export type Form<T> = {
  fields: Fields;
  errors: FieldErrors;
  isDirty: boolean;
  isSaving: boolean;
  /** False while the chosen server type has no provider in this version. */
  canSave: boolean;
  outcome: Outcome<T> | null;
  element: RefObject<HTMLFormElement | null>;
  change(part: Partial<Fields>): void;
  discard(): void;
  /** What central answered; null when it was not saved, and the form says why. */
  save(): Promise<T | null>;
};

/** What was typed stays until central has taken it; then `onSaved` puts the answer where the page reads it. */
export function useForm<T>(
  connection: string,
  stored: Stored | null,
  send: (input: ServerSettingsInput) => Promise<Answer<T>>,
  onSaved: (answer: T) => void,
): Form<T> {
  const { draft, zone } = useConsole();
  const [isSaving, setSaving] = useState(false);
  const [outcome, setOutcome] = useState<Outcome<T> | null>(null);
  const element = useRef<HTMLFormElement>(null);
  const before = fieldsOf(stored, connection, zone);
  const typed = draft.value?.[connection];
  const fields = typed ?? before;
  const canSave = isInstalled(fields.serverType);
  // Errors are pointed out after the first try to save, and then follow the typing.
  const checked = check(fields, heldIn(stored));
  const errors = outcome?.kind === 'invalid' && checked.kind === 'invalid' ? checked.errors : {};
  const keep = (next: Fields | null) => {
    draft.value = withFields(draft.value, connection, next);
  };

  return {
    fields,
    errors,
    isDirty: typed !== undefined,
    isSaving,
    canSave,
    outcome,
    element,
    change(part) {
      const next = { ...fields, ...part };
      const isUntouched = isSame(next, before) && next.isTypedIn === before.isTypedIn;
      keep(isUntouched ? null : next);
      if (outcome?.kind !== 'invalid') setOutcome(null);
    },
    discard() {
      keep(null);
      setOutcome(null);
    },
    async save() {
      if (isSaving || !canSave) return null;
      if (checked.kind === 'invalid') {
        setOutcome({ kind: 'invalid' });
        requestAnimationFrame(() => showFirstError(element.current));
        return null;
      }
      setSaving(true);
      setOutcome(null);
      const answer = await send(checked.input);
      setSaving(false);
      if (answer.kind !== 'ok') {
        setOutcome({ kind: 'failed', failure: answer });
        return null;
      }
      batch(() => {
        keep(null);
        onSaved(answer.value);
      });
      setOutcome({ kind: 'saved', answer: answer.value });
      return answer.value;
    },
  };
}

/** Into the middle, so that the words below the field are seen as well. */
function showFirstError(form: HTMLFormElement | null) {
  const field = form?.querySelector<HTMLElement>('[aria-invalid=true]');
  field?.scrollIntoView({ block: 'center' });
  field?.focus({ preventScroll: true });
}
