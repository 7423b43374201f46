import { useEffect, useRef } from 'preact/hooks';
import { DEFAULT_CONNECTION } from '../../../../src/contract/wire/console.ts';
import { focusHeading, Loading, PageHead } from '../../parts/page-head.tsx';
import { Foreign, State } from '../../parts/text.tsx';
import { useConsole, useResources } from '../../state/console.ts';
import { parseRoute } from '../../state/route.ts';
import { ConnectionView } from './connection-view.tsx';
import { CONNECTION_STATES, ConnectionsTable } from './connections-table.tsx';
import { NEW_CONNECTION } from './draft.ts';
import { FurtherConnection } from './further-connection.tsx';
import { ADD_CONNECTION } from './links.ts';
import { NewConnection } from './new-connection.tsx';

type ServerSettingsPageProps = { connection: string | null; isNew: boolean };

export function ServerSettingsPage({ connection, isNew }: ServerSettingsPageProps) {
  useGuard();
  const shown = isNew ? NEW_CONNECTION : (connection ?? DEFAULT_CONNECTION);
  const before = useRef(shown);
  useEffect(() => {
    // From one connection to another the page stays, but not what was read: start at its heading.
    if (before.current !== shown) {
      window.scrollTo(0, 0);
      focusHeading();
    }
    before.current = shown;
  }, [shown]);
  return (
    <div class="page" key={shown}>
      {isNew ? <NewConnection /> : shown === DEFAULT_CONNECTION ? <AllConnections /> : <FurtherConnection id={shown} />}
    </div>
  );
}

/** Asks before the page is left with something unsaved in it, in whichever connection. */
function useGuard() {
  const { draft, router } = useConsole();
  useEffect(() => {
    // From one connection to another nothing is lost: each keeps its own draft.
    const staysHere = () => {
      const wanted = parseRoute(window.location.hash);
      const shown = router.route.value;
      if (wanted.page !== 'server-settings' || shown.page !== 'server-settings') return false;
      return wanted.connection !== shown.connection || wanted.isNew !== shown.isNew;
    };
    router.guard.value = () =>
      draft.value === null || staysHere()
        ? null
        : {
            title: 'Leave without saving?',
            text: 'The server settings were changed and not saved.',
            leave: 'Discard changes',
            stay: 'Stay here',
            discard: () => {
              draft.value = null;
            },
          };
    return () => {
      router.guard.value = null;
    };
  }, []);
}

/** The default connection, and below it a table of the others. */
function AllConnections() {
  const { serverSettings, connections, draft } = useConsole();
  const resource = serverSettings(DEFAULT_CONNECTION);
  useResources(resource, connections);
  const known = resource.value.value;
  const rows = connections.value.value;
  const own = rows?.find(({ isDefault }) => isDefault);
  const others = rows?.filter(({ isDefault }) => !isDefault) ?? [];
  const isAdding = draft.value?.[NEW_CONNECTION] !== undefined;
  return (
    <>
      <PageHead
        title="Server Settings"
        action={
          known?.settings && (
            <a class="button button-plain" href={ADD_CONNECTION}>
              {isAdding ? 'Go on adding a connection' : 'Add a connection'}
            </a>
          )
        }
      >
        The connection to the calendars of your organisation.
      </PageHead>
      {known ? (
        <>
          {others.length > 0 && own && (
            <h2 class="section-head">
              <span>
                Default connection: <Foreign text={own.name} />
              </span>
              <State tone={CONNECTION_STATES[own.state].tone}>{CONNECTION_STATES[own.state].word}</State>
            </h2>
          )}
          <ConnectionView known={known} />
        </>
      ) : (
        <Loading failure={resource.failure.value} onRetry={resource.refresh} />
      )}
      {known?.settings && rows && (
        <section class="further-connections" aria-labelledby="further-title">
          <h2 id="further-title" class="section-head">
            Further connections
          </h2>
          {others.length > 0 ? (
            <ConnectionsTable connections={others} />
          ) : (
            <p class="soft">
              None. One is enough for most; a second tenant or another kind of server gets{' '}
              <a href={ADD_CONNECTION}>a connection of its own</a>.
            </p>
          )}
        </section>
      )}
    </>
  );
}
