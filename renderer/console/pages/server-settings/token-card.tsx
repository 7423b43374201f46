/** The access token: what central holds, what is wrong with it, and the three buttons. */
import { useRef, useState } from 'preact/hooks';
import type { SaveAnswer, ServerSettings, TokenStatus } from '../../../../src/contract/wire/console.ts';
import { Button } from '../../parts/button.tsx';
import { FailureNotice, Notice } from '../../parts/notice.tsx';
import { Foreign, State, When } from '../../parts/text.tsx';
import { useConsole } from '../../state/console.ts';
import type { Failure } from '../../state/http.ts';
import type { MendBy } from './aadsts.ts';
import { DeleteToken } from './delete-token.tsx';
import { importWords } from './import-words.ts';
import { isApplication } from './kinds.ts';
import { shortScope } from './permissions.ts';
import { ProblemNotice } from './token-problem.tsx';

type TokenCardProps = {
  known: ServerSettings;
  /** Of the connection; null while nobody told. */
  roomCount: number | null;
  /** Saves what is unsaved; false when it could not be, and the form says why. */
  saveFirst: () => Promise<boolean>;
  /** Mends what this card cannot: a field, or the switch for the whole organisation. */
  onMend: (by: MendBy) => void;
};
type Done = { kind: 'refreshed' | 'deleted' } | { kind: 'fetched'; answer: SaveAnswer };

export function TokenCard({ known, roomCount, saveFirst, onMend }: TokenCardProps) {
  const { id, token, settings } = known;
  const { api, router, serverSettings, overview, connections } = useConsole();
  const [busy, setBusy] = useState<'get' | 'refresh' | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [done, setDone] = useState<Done | null>(null);
  const [isDeleting, setDeleting] = useState(false);
  const getButton = useRef<HTMLButtonElement>(null);
  const isApp = settings !== null && isApplication(settings.signIn);

  function show(next: ServerSettings) {
    serverSettings(id).value.value = next;
    overview.refresh();
    connections.refresh();
  }
  function begin(what: 'get' | 'refresh') {
    setFailure(null);
    setDone(null);
    setBusy(what);
  }
  async function getToken() {
    if (busy) return;
    begin('get');
    const answer = (await saveFirst()) ? await api.getAccessToken(id) : null;
    if (answer?.kind !== 'ok') {
      setBusy(null);
      return setFailure(answer);
    }
    // Stays busy while the browser leaves.
    if ('url' in answer.value) return router.goTo(answer.value.url);
    setBusy(null);
    show(answer.value.settings);
    if (answer.value.settings.token.problem === null) setDone({ kind: 'fetched', answer: answer.value });
  }
  async function refresh() {
    if (busy) return;
    begin('refresh');
    const answer = await api.refreshAccessToken(id);
    setBusy(null);
    if (answer.kind !== 'ok') return setFailure(answer);
    changed(answer.value, 'refreshed');
  }
  function changed(next: TokenStatus, what: 'refreshed' | 'deleted') {
    setDeleting(false);
    show({ ...(serverSettings(id).value.value ?? known), token: next });
    setDone(next.problem === null ? { kind: what } : null);
    // The button that was pressed can do nothing more.
    if (what === 'deleted') requestAnimationFrame(() => getButton.current?.focus());
  }
  function mend(by: MendBy) {
    if (by === 'get-token') void getToken();
    else if (by === 'try-again' || by === 'entra') void (token.kind === 'issued' ? refresh() : getToken());
    else onMend(by);
  }

  const isIssued = token.kind === 'issued';
  return (
    <section class="card token" aria-labelledby="token-title">
      <header class="card-head">
        <h2 id="token-title">Access token</h2>
        <TokenState token={token} isApp={isApp} />
      </header>
      {token.problem && (
        <ProblemNotice problem={token.problem} isApp={isApp} isIssued={isIssued} isBusy={busy !== null} onMend={mend} />
      )}
      {isIssued && <Facts token={token} isApp={isApp} />}
      {!isIssued && !token.problem && (
        <p class="soft">
          {isApp
            ? 'Panels read and book as the application. Get an access token: central fetches it at once, nobody has to sign in.'
            : 'Panels read and book through a service account. Get an access token: you are sent to the sign-in page and come back here.'}
        </p>
      )}
      {failure && <FailureNotice failure={failure} />}
      {done && <DoneNotice done={done} roomCount={roomCount} />}
      <div class="buttons buttons-column">
        <Button
          look={settings === null || isIssued || token.problem ? 'plain' : 'primary'}
          isBusy={busy === 'get'}
          elementRef={getButton}
          onPress={() => void getToken()}
        >
          Get Access Token
        </Button>
        <Button isBusy={busy === 'refresh'} isDisabled={!isIssued} onPress={() => void refresh()}>
          Refresh Access Token
        </Button>
        <Button
          isDisabled={!isIssued}
          onPress={() => {
            setFailure(null);
            setDone(null);
            setDeleting(true);
          }}
        >
          Delete Access Token
        </Button>
      </div>
      {isDeleting && (
        <DeleteToken connection={id} onDeleted={next => changed(next, 'deleted')} onClose={() => setDeleting(false)} />
      )}
    </section>
  );
}

function DoneNotice({ done, roomCount }: { done: Done; roomCount: number | null }) {
  if (done.kind === 'fetched') {
    const isIssued = done.answer.settings.token.kind === 'issued';
    const words = importWords(
      isIssued ? 'The access token was issued.' : 'No token was issued.',
      done.answer,
      roomCount,
    );
    return (
      <Notice tone={words.tone} isAnswer>
        {words.text} {words.hasRooms && <a href="#/rooms">Show the rooms</a>}
      </Notice>
    );
  }
  return (
    <Notice tone="good" isAnswer>
      {done.kind === 'refreshed' ? 'The access token was refreshed.' : 'The access token was deleted.'}
    </Notice>
  );
}

function TokenState({ token, isApp }: { token: TokenStatus; isApp: boolean }) {
  const { now } = useConsole();
  if (token.kind === 'none') return <State tone={token.problem ? 'bad' : 'off'}>None</State>;
  if (token.expires <= now.value) return <State tone="bad">Expired</State>;
  if (token.problem === null) return <State tone="good">Valid</State>;
  // It was issued, without all it was asked for.
  if (token.problem.kind === 'consent-missing') return <State tone="warn">Permissions missing</State>;
  return <State tone="warn">{isApp ? 'Last request failed' : 'Last refresh failed'}</State>;
}

const Facts = ({ token, isApp }: { token: Extract<TokenStatus, { kind: 'issued' }>; isApp: boolean }) => (
  <dl class="facts">
    <dt>{isApp ? 'Application' : 'Signed in as'}</dt>
    <dd>
      <Foreign text={token.account} />
    </dd>
    <dt>Issued</dt>
    <dd>
      <When at={token.issued} />
    </dd>
    <dt>Expires</dt>
    <dd>
      <When at={token.expires} />
    </dd>
    {token.refreshLapses !== null && (
      <>
        <dt>Sign-in lapses</dt>
        <dd>
          <When at={token.refreshLapses} /> <span class="soft">if unused until then</span>
        </dd>
      </>
    )}
    <dt>Scopes</dt>
    <dd>
      {token.scopes.length === 0 ? (
        <span class="soft">none named</span>
      ) : (
        <ul class="chips">
          {token.scopes.map(scope => (
            <li key={scope} title={scope}>
              <Foreign text={shortScope(scope)} />
            </li>
          ))}
        </ul>
      )}
    </dd>
  </dl>
);
