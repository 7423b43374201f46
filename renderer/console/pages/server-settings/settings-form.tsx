/** The form with its bar: save, discard, and what came of it. */
import type { ComponentChildren } from 'preact';
import type { ServerSettings } from '../../../../src/contract/wire/console.ts';
import { Button } from '../../parts/button.tsx';
import { FailureNotice, Notice } from '../../parts/notice.tsx';
import { count } from '../../words.ts';
import type { Served } from './calendar-fields.tsx';
import { ConnectionForm } from './connection-form.tsx';
import { heldIn } from './draft.ts';
import type { Form } from './use-form.ts';

type SettingsFormProps<T> = {
  form: Form<T>;
  stored: ServerSettings['settings'];
  redirectUri: string;
  /** What central does with what was saved; null for a connection that is being added. */
  served: Served | null;
  /** On the button, such as `Save Settings`. */
  verb: string;
  busyWords: string;
  /** Said once it is saved. */
  answered: (answer: T) => ComponentChildren;
};

export function SettingsForm<T>({
  form,
  stored,
  redirectUri,
  served,
  verb,
  busyWords,
  answered,
}: SettingsFormProps<T>) {
  const { fields, errors, isDirty, isSaving, canSave, outcome } = form;
  const errorCount = Object.keys(errors).length;
  return (
    <form
      ref={form.element}
      class="settings-form"
      noValidate
      onSubmit={event => {
        event.preventDefault();
        void form.save();
      }}
    >
      <ConnectionForm
        fields={fields}
        errors={errors}
        held={heldIn(stored)}
        certificate={stored?.certificate ?? null}
        redirectUri={redirectUri}
        served={served}
        onChange={form.change}
      />
      <footer class="save-bar">
        <Button type="submit" look="primary" isBusy={isSaving} isDisabled={!canSave}>
          {verb}
        </Button>
        {isDirty && !isSaving && <Button onPress={form.discard}>Discard changes</Button>}
        <div class="save-outcome">
          {outcome?.kind === 'failed' && <FailureNotice failure={outcome.failure} />}
          {errorCount > 0 && (
            <Notice tone="bad" isAnswer>
              Not saved: {count(errorCount, { one: '# field needs', other: '# fields need' })} another look.
            </Notice>
          )}
          {outcome?.kind === 'saved' && answered(outcome.answer)}
          {outcome === null && isDirty && !isSaving && (
            <span class="soft">
              {canSave ? 'Not saved yet' : 'Cannot be saved: this server type is not installed.'}
            </span>
          )}
          {isSaving && (
            <span class="soft" role="status">
              {busyWords}
            </span>
          )}
        </div>
      </footer>
    </form>
  );
}
