/** The access token: what central holds, what is wrong with it, and the three buttons. */
import { useState } from 'preact/hooks';
import type { TokenProblem, TokenStatus } from '../../../../src/contract/wire/console.ts';
import { plainText } from '../../../ui/plain-text.ts';
import { Button } from '../../parts/button.tsx';
import { Confirm } from '../../parts/dialog.tsx';
import { FailureNotice, Notice } from '../../parts/notice.tsx';
import { Ago, Foreign, State, When } from '../../parts/text.tsx';
import { useConsole } from '../../state/console.ts';
import type { Failure } from '../../state/http.ts';
import { TOKEN_PROBLEMS } from '../../words.ts';

type TokenCardProps = {
  token: TokenStatus;
  /** False on the first visit: then saving comes first. */
  isConfigured: boolean;
  /** Saves what is unsaved; false when it could not be, and the form says why. */
  saveFirst: () => Promise<boolean>;
};

export function TokenCard({ token, isConfigured, saveFirst }: TokenCardProps) {
  const { api, router, serverSettings, overview } = useConsole();
  const [busy, setBusy] = useState<'get' | 'refresh' | 'delete' | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [outcome, setOutcome] = useState<'refreshed' | 'deleted' | null>(null);
  const [isDeleting, setDeleting] = useState(false);

  function begin(what: 'get' | 'refresh' | 'delete') {
    setFailure(null);
    setOutcome(null);
    setBusy(what);
  }
  async function getToken() {
    begin('get');
    const answer = (await saveFirst()) ? await api.getAccessToken() : null;
    // Stays busy while the browser leaves.
    if (answer?.kind === 'ok') return router.goTo(answer.value.url);
    setBusy(null);
    setFailure(answer);
  }
  async function change(what: 'refresh' | 'delete') {
    begin(what);
    const answer = what === 'refresh' ? await api.refreshAccessToken() : await api.deleteAccessToken();
    setBusy(null);
    if (answer.kind !== 'ok') return setFailure(answer);
    setDeleting(false);
    const known = serverSettings.value.value;
    if (known) serverSettings.value.value = { ...known, token: answer.value };
    overview.refresh();
    if (answer.value.problem === null) setOutcome(what === 'refresh' ? 'refreshed' : 'deleted');
  }

  const isIssued = token.kind === 'issued';
  return (
    <section class="card token" aria-labelledby="token-title">
      <header class="card-head">
        <h2 id="token-title">Access token</h2>
        <TokenState token={token} />
      </header>
      {token.problem && <Problem problem={token.problem} isIssued={isIssued} />}
      {isIssued && <Facts token={token} />}
      {!isIssued && !token.problem && (
        <p class="soft">
          Panels read and book through a service account. Get an access token: you are sent to the sign-in page and come
          back here.
        </p>
      )}
      {failure && !isDeleting && <FailureNotice failure={failure} />}
      {outcome && (
        <Notice tone="good" isAnswer>
          {outcome === 'refreshed' ? 'The access token was refreshed.' : 'The access token was deleted.'}
        </Notice>
      )}
      <div class="buttons buttons-column">
        <Button
          look={!isConfigured || (isIssued && !token.problem) ? 'plain' : 'primary'}
          isBusy={busy === 'get'}
          onPress={() => void getToken()}
        >
          Get Access Token
        </Button>
        <Button isBusy={busy === 'refresh'} isDisabled={!isIssued} onPress={() => void change('refresh')}>
          Refresh Access Token
        </Button>
        <Button isDisabled={!isIssued} onPress={() => setDeleting(true)}>
          Delete Access Token
        </Button>
      </div>
      {isDeleting && (
        <Confirm
          title="Delete the access token?"
          verb="Delete Access Token"
          isBusy={busy === 'delete'}
          failure={failure && <FailureNotice failure={failure} />}
          onConfirm={() => void change('delete')}
          onClose={() => setDeleting(false)}
        >
          <p>
            Central forgets the sign-in. Every panel loses the calendar: it goes on showing the day it last knew, marked
            as old, and can book nothing until somebody gets a new token.
          </p>
        </Confirm>
      )}
    </section>
  );
}

function TokenState({ token }: { token: TokenStatus }) {
  const { now } = useConsole();
  if (token.kind === 'none') return <State tone={token.problem ? 'bad' : 'off'}>None</State>;
  if (token.expires <= now.value) return <State tone="bad">Expired</State>;
  return token.problem ? <State tone="warn">Last refresh failed</State> : <State tone="good">Valid</State>;
}

const Facts = ({ token }: { token: Extract<TokenStatus, { kind: 'issued' }> }) => (
  <dl class="facts">
    <dt>Signed in as</dt>
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

/** `https://graph.microsoft.com/Calendars.ReadWrite.Shared`: the host is the same for all and says nothing here. */
const shortScope = (scope: string) => scope.replace(/^https:\/\/[^/]+\//, '');

function Problem({ problem, isIssued }: { problem: TokenProblem; isIssued: boolean }) {
  const { cause, mend } = TOKEN_PROBLEMS[problem.kind];
  return (
    <Notice tone={isIssued ? 'warn' : 'bad'} title={cause}>
      <p>{mend}</p>
      <details class="raw">
        <summary>
          {problem.code ? (
            <>
              The provider's own words (<Foreign text={problem.code} />)
            </>
          ) : (
            "The provider's own words"
          )}
        </summary>
        <pre>{plainText(problem.detail)}</pre>
        <p class="soft small">
          <Ago at={problem.at} />
        </p>
      </details>
    </Notice>
  );
}
