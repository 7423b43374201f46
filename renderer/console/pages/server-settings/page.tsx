import { useEffect, useRef, useState } from 'preact/hooks';
import type { SaveAnswer, ServerSettings } from '../../../../src/contract/wire/console.ts';
import { Button } from '../../parts/button.tsx';
import { FailureNotice, Notice } from '../../parts/notice.tsx';
import { Loading, PageHead } from '../../parts/page-head.tsx';
import { Foreign } from '../../parts/text.tsx';
import { useConsole, useResources } from '../../state/console.ts';
import type { Failure } from '../../state/http.ts';
import { count, IMPORT_PROBLEMS, rooms } from '../../words.ts';
import { ConnectionForm } from './connection-form.tsx';
import { check, type Draft, draftOf, isSame } from './draft.ts';
import { TokenCard } from './token-card.tsx';

export function ServerSettingsPage() {
  const { serverSettings } = useConsole();
  useResources(serverSettings);
  const known = serverSettings.value.value;
  return (
    <div class="page">
      <PageHead title="Server Settings">The connection to the calendars of your organisation.</PageHead>
      {known ? (
        <Settings known={known} />
      ) : (
        <Loading failure={serverSettings.failure.value} onRetry={serverSettings.refresh} />
      )}
    </div>
  );
}

type Outcome = { kind: 'saved'; answer: SaveAnswer } | { kind: 'failed'; failure: Failure } | { kind: 'invalid' };

function Settings({ known }: { known: ServerSettings }) {
  const { api, draft: unsaved, zone, serverSettings, overview, router } = useConsole();
  const [isSaving, setSaving] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const stored = draftOf(known.settings, zone);
  const draft = unsaved.value ?? stored;
  const isDirty = unsaved.value !== null;
  // Errors are pointed out after the first try to save, and then follow the typing.
  const checked = check(draft);
  const errors = outcome?.kind === 'invalid' && checked.kind === 'invalid' ? checked.errors : {};
  const errorCount = Object.keys(errors).length;

  useEffect(() => {
    router.guard.value = () =>
      unsaved.value && {
        title: 'Leave without saving?',
        text: 'The server settings were changed and not saved.',
        leave: 'Discard changes',
        stay: 'Stay here',
        discard,
      };
    return () => {
      router.guard.value = null;
    };
  }, []);

  function change(part: Partial<Draft>) {
    const next = { ...draft, ...part };
    const isUntouched = isSame(next, stored) && next.isTypedIn === stored.isTypedIn;
    unsaved.value = isUntouched ? null : next;
    if (outcome?.kind !== 'invalid') setOutcome(null);
  }
  function discard() {
    unsaved.value = null;
    setOutcome(null);
  }

  async function save(): Promise<boolean> {
    if (isSaving) return false;
    if (checked.kind === 'invalid') {
      setOutcome({ kind: 'invalid' });
      requestAnimationFrame(() => showFirstError(form.current));
      return false;
    }
    setSaving(true);
    setOutcome(null);
    const answer = await api.saveServerSettings(checked.input);
    setSaving(false);
    if (answer.kind !== 'ok') {
      setOutcome({ kind: 'failed', failure: answer });
      return false;
    }
    unsaved.value = null;
    serverSettings.value.value = answer.value.settings;
    overview.refresh();
    setOutcome({ kind: 'saved', answer: answer.value });
    return true;
  }

  return (
    <form
      ref={form}
      class="settings"
      noValidate
      onSubmit={event => {
        event.preventDefault();
        void save();
      }}
    >
      <div class="settings-main">
        {known.importProblem && !isToldByToken(known) && (
          <Notice tone="bad" title="The rooms could not be imported">
            <p>{IMPORT_PROBLEMS[known.importProblem.problem]}</p>
            <p class="small">
              <Foreign text={known.importProblem.detail} />
            </p>
          </Notice>
        )}
        <ConnectionForm
          draft={draft}
          errors={errors}
          hasStoredSecret={known.settings?.hasClientSecret ?? false}
          redirectUri={known.redirectUri}
          onChange={change}
        />
      </div>
      <aside class={known.settings ? 'settings-side' : 'settings-side settings-side-later'}>
        <TokenCard
          token={known.token}
          isConfigured={known.settings !== null}
          saveFirst={async () => (!isDirty && known.settings !== null) || save()}
        />
      </aside>
      <footer class="save-bar">
        <Button type="submit" look="primary" isBusy={isSaving}>
          Save Settings
        </Button>
        {isDirty && (
          <Button look="quiet" onPress={discard} isDisabled={isSaving}>
            Discard changes
          </Button>
        )}
        <div class="save-outcome">
          {outcome?.kind === 'failed' && <FailureNotice failure={outcome.failure} />}
          {errorCount > 0 && (
            <Notice tone="bad" isAnswer>
              {count(errorCount, { one: '# field needs', other: '# fields need' })} a correction.
            </Notice>
          )}
          {outcome?.kind === 'saved' && <Saved answer={outcome.answer} />}
          {outcome === null && isDirty && !isSaving && <span class="soft">Not saved yet</span>}
          {isSaving && (
            <span class="soft" role="status">
              Saving and importing the rooms…
            </span>
          )}
        </div>
      </footer>
    </form>
  );
}

/** Into the middle, so that the words below the field are seen as well. */
function showFirstError(form: HTMLFormElement | null) {
  const field = form?.querySelector<HTMLElement>('[aria-invalid=true]');
  field?.scrollIntoView({ block: 'center' });
  field?.focus({ preventScroll: true });
}

/** The token's own card says it better. */
const isToldByToken = ({ token, importProblem }: ServerSettings) =>
  token.kind === 'none' && (importProblem?.problem === 'no-token' || importProblem?.problem === 'sign-in-needed');

function Saved({ answer: { imported, settings } }: { answer: SaveAnswer }) {
  if (imported) {
    const missing = imported.missing > 0 ? `, ${imported.missing} no longer listed` : '';
    return (
      <Notice tone="good" action={<a href="#/rooms">Show the rooms</a>} isAnswer>
        Saved. {rooms(imported.added + imported.updated)} imported ({imported.added} new, {imported.updated} updated
        {missing}).
      </Notice>
    );
  }
  if (settings.importProblem) {
    return (
      <Notice tone="warn" isAnswer>
        Saved, but the rooms could not be imported: see above.
      </Notice>
    );
  }
  return (
    <Notice tone="good" isAnswer>
      Saved. Get an access token, then the rooms are imported.
    </Notice>
  );
}
