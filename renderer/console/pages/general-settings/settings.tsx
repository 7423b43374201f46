/** The settings of one scope, as they are being edited. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { PolicyField } from '../../../../src/contract/values/policy.ts';
import { type PolicyScope, scopeKey } from '../../../../src/contract/values/policy-cascade.ts';
import type { Policies, RoomRow } from '../../../../src/contract/wire/console.ts';
import { Button } from '../../parts/button.tsx';
import { Combobox } from '../../parts/combobox.tsx';
import { Field } from '../../parts/field.tsx';
import { FailureNotice, Notice } from '../../parts/notice.tsx';
import { useConsole } from '../../state/console.ts';
import type { Failure } from '../../state/http.ts';
import { count } from '../../words.ts';
import { comesOut, type Draft, errorsIn, isSame, ownValues, type Values, withDraft } from './draft.ts';
import { GROUPS, settingOf } from './fields.tsx';
import { Preview } from './preview.tsx';
import { Pushed } from './pushed.tsx';
import { SettingRow } from './row.tsx';
import { hrefOfScope, type ScopeChoice, scopeName } from './scope.ts';

type SettingsProps = {
  known: Policies;
  rooms: readonly RoomRow[];
  scope: PolicyScope;
  choices: readonly ScopeChoice[];
};
type Outcome = { kind: 'saved' } | { kind: 'failed'; failure: Failure } | { kind: 'invalid' };

export function Settings({ known, rooms, scope, choices }: SettingsProps) {
  const { api, policies, rooms: roomList, policyHistory, policyDraft, router } = useConsole();
  const draft = policyDraft.value[scopeKey(scope)] ?? null;
  const setDraft = (next: Draft | null) => {
    policyDraft.value = withDraft(policyDraft.value, scope, next);
  };
  const [isSaving, setSaving] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  /** Controls that hold half-typed text start anew with what is stored. */
  const [fresh, setFresh] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  const stored = ownValues(known.layers, scope);
  const values = draft?.values ?? stored;
  const result = comesOut(known.layers, scope, values, rooms);
  const errors = errorsIn(values, field => settingOf(field)?.range ?? null);
  const shownErrors = outcome?.kind === 'invalid' ? errors : {};
  const errorCount = Object.keys(shownErrors).length;
  const isOvertaken = draft !== null && draft.basedOn !== known.version;

  const latest = useRef(draft);
  latest.current = draft;
  useEffect(() => {
    router.guard.value = () =>
      latest.current && {
        title: 'Leave without saving?',
        text: 'The settings were changed and not saved.',
        leave: 'Discard changes',
        stay: 'Stay here',
        discard,
      };
    return () => {
      router.guard.value = null;
    };
  }, []);

  function edit(next: Values) {
    setDraft(isSame(next, stored) ? null : { scope, values: next, basedOn: draft?.basedOn ?? known.version });
    if (outcome?.kind !== 'invalid') setOutcome(null);
  }
  function reset(field: PolicyField) {
    const { [field]: _, ...rest } = values;
    edit(rest);
    setFresh(n => n + 1);
  }
  function discard() {
    setDraft(null);
    setOutcome(null);
    setFresh(n => n + 1);
  }

  async function save() {
    if (isSaving || draft === null) return;
    if (Object.keys(errors).length > 0) {
      setOutcome({ kind: 'invalid' });
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
      return;
    }
    setSaving(true);
    setOutcome(null);
    const answer = await api.setPolicy(draft);
    setSaving(false);
    if (answer.kind !== 'ok') return setOutcome({ kind: 'failed', failure: answer });
    setDraft(null);
    setFresh(n => n + 1);
    setOutcome({ kind: 'saved' });
    policies.refresh();
    roomList.refresh();
    policyHistory.refresh();
  }

  return (
    <form
      ref={form}
      class="settings general"
      noValidate
      onSubmit={event => {
        event.preventDefault();
        void save();
      }}
    >
      <div class="settings-main">
        <div class="card scope-card">
          <Field
            label="Settings for"
            hint="A room follows its own settings, else its floor's, its building's, then those for all rooms."
          >
            {ids => (
              <Combobox
                {...ids}
                name="scope"
                options={choices.map(choice => choice.option)}
                value={scopeKey(scope)}
                onChange={key => {
                  const chosen = choices.find(choice => choice.option.value === key);
                  if (chosen && key !== scopeKey(scope)) {
                    window.location.hash = hrefOfScope(chosen.scope);
                  }
                }}
                listLabel="Where the settings apply"
                nothing="No building, floor or room is called that."
              />
            )}
          </Field>
        </div>
        {GROUPS.map(group => (
          <fieldset key={group.title} class="card">
            <legend>{group.title}</legend>
            <p class="soft">{group.about}</p>
            <div class="setting-list">
              {group.settings.map(setting => (
                <SettingRow
                  key={`${setting.field} ${fresh}`}
                  setting={setting}
                  value={result.policy[setting.field]}
                  isOwn={values[setting.field] !== undefined}
                  inherited={result.inherited[setting.field]}
                  inheritedFrom={result.inheritedFrom[setting.field]}
                  nameOf={other => scopeName(other, rooms)}
                  error={shownErrors[setting.field]}
                  onChange={value => edit({ ...values, [setting.field]: value })}
                  onReset={() => reset(setting.field)}
                />
              ))}
            </div>
          </fieldset>
        ))}
      </div>
      <aside class="settings-side">
        <Preview
          policy={withoutPin(result.policy)}
          roomName={scope.kind === 'room' ? scopeName(scope, rooms) : 'Fjord'}
        />
        <Pushed rooms={rooms} />
      </aside>
      <footer class="save-bar">
        <Button type="submit" look="primary" isBusy={isSaving} isDisabled={draft === null && !isSaving}>
          Save
        </Button>
        {draft !== null && (
          <Button look="quiet" onPress={discard} isDisabled={isSaving}>
            Discard changes
          </Button>
        )}
        <div class="save-outcome">
          {isOvertaken && (
            <Notice
              tone="warn"
              action={<Button onPress={() => setDraft({ ...draft, basedOn: known.version })}>Keep my changes</Button>}
              isAnswer
            >
              Somebody else saved settings meanwhile. Yours are still here and not saved.
            </Notice>
          )}
          {outcome?.kind === 'failed' && !isOvertaken && <FailureNotice failure={outcome.failure} />}
          {errorCount > 0 && (
            <Notice tone="bad" isAnswer>
              {count(errorCount, { one: '# setting needs', other: '# settings need' })} a correction.
            </Notice>
          )}
          {outcome?.kind === 'saved' && draft === null && (
            <Notice tone="good" isAnswer>
              Saved, and sent to the panels.
            </Notice>
          )}
          {outcome === null && draft !== null && !isOvertaken && !isSaving && <span class="soft">Not saved yet</span>}
        </div>
      </footer>
    </form>
  );
}

/** The preview asks for no PIN, and a half-typed one is none. */
const withoutPin = (policy: object) => ({ ...policy, pin: null });
