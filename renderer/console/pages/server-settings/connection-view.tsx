/** One connection in full: health, form, token, consent, test, permissions, rooms. */
import { useState } from 'preact/hooks';
import type { Expiry, SaveAnswer, ServerSettings } from '../../../../src/contract/wire/console.ts';
import { Notice } from '../../parts/notice.tsx';
import { Foreign } from '../../parts/text.tsx';
import { useConsole } from '../../state/console.ts';
import { IMPORT_PROBLEMS } from '../../words.ts';
import { adviceOn, type MendBy } from './aadsts.ts';
import { ConsentCard, type ConsentDialog } from './consent-card.tsx';
import { ErrorCodes } from './error-codes.tsx';
import { HealthLine } from './health-line.tsx';
import { importWords } from './import-words.ts';
import { PermissionsCard } from './permissions-card.tsx';
import { RoomHealth } from './room-health.tsx';
import { SettingsForm } from './settings-form.tsx';
import { TestCard } from './test-card.tsx';
import { TokenCard } from './token-card.tsx';
import { useForm } from './use-form.ts';

export function ConnectionView({ known }: { known: ServerSettings }) {
  const { api, serverSettings, overview, connections } = useConsole();
  const { id, settings, token } = known;
  const [consentDialog, setConsentDialog] = useState<ConsentDialog | null>(null);
  const [saves, setSaves] = useState(0);
  const roomCount = connections.value.value?.find(row => row.id === id)?.rooms ?? null;
  const form = useForm(
    id,
    settings,
    input => api.saveServerSettings(id, input),
    answer => {
      serverSettings(id).value.value = answer.settings;
      setSaves(n => n + 1);
      overview.refresh();
      connections.refresh();
    },
  );
  const saveFirst = async () => (form.isDirty || settings === null ? (await form.save()) !== null : true);

  function mend(by: MendBy) {
    if (by === 'consent') return setConsentDialog('turn-on');
    const isBySecret = form.fields.signIn !== 'app-certificate';
    const names: Partial<Record<MendBy, string>> = {
      credential: isBySecret ? 'clientSecret' : 'certificate',
      'client-id': 'clientId',
      'tenant-id': 'tenantId',
    };
    const field = form.element.current?.querySelector<HTMLElement>(`[name=${names[by]}]`);
    field?.scrollIntoView({ block: 'center' });
    field?.focus({ preventScroll: true });
  }

  return (
    <>
      {settings && <HealthLine health={known.health} told={toldByToken(known)} />}
      {known.importProblem && !isToldByToken(known) && (
        <Notice tone="bad" title="The rooms could not be imported">
          <p>{IMPORT_PROBLEMS[known.importProblem.problem]}</p>
          <p class="small">
            <Foreign text={known.importProblem.detail} />
          </p>
        </Notice>
      )}
      <div class="settings">
        <div class="settings-main">
          <SettingsForm
            form={form}
            stored={settings}
            redirectUri={known.redirectUri}
            served={settings && known}
            verb="Save Settings"
            busyWords="Saving and importing the rooms…"
            answered={answer => <Saved answer={answer} roomCount={roomCount} />}
          />
        </div>
        <aside class={settings ? 'settings-side' : 'settings-side settings-side-later'}>
          <TokenCard known={known} roomCount={roomCount} saveFirst={saveFirst} onMend={mend} />
          <ConsentCard known={known} dialog={consentDialog} setDialog={setConsentDialog} saveFirst={saveFirst} />
          {/* Anew with every save, here or elsewhere: what was found was about other settings. */}
          <TestCard
            key={`${saves} ${JSON.stringify(settings)}`}
            connection={id}
            isSaved={settings !== null}
            isDirty={form.isDirty}
          />
          <ErrorCodes />
        </aside>
      </div>
      {settings && (
        <>
          <PermissionsCard known={known} signIn={settings.signIn} />
          <RoomHealth connection={id} canCheck={token.kind === 'issued'} roomCount={roomCount} />
        </>
      )}
    </>
  );
}

/** An expired secret or certificate is why there is no token. */
const toldByToken = ({ token }: ServerSettings): Expiry['what'][] =>
  token.problem && adviceOn(token.problem, false).by === 'credential' ? ['client-secret', 'certificate'] : [];

/** The token's own card says it better. */
const isToldByToken = ({ token, importProblem }: ServerSettings) =>
  token.kind === 'none' && (importProblem?.problem === 'no-token' || importProblem?.problem === 'sign-in-needed');

function Saved({ answer, roomCount }: { answer: SaveAnswer; roomCount: number | null }) {
  const { tone, text, hasRooms } = importWords('Saved.', answer, roomCount);
  return (
    <Notice tone={tone} action={hasRooms && <a href="#/rooms">Show the rooms</a>} isAnswer>
      {text}
    </Notice>
  );
}
