/** A connection other than the default one, on a page of its own. */
import { useState } from 'preact/hooks';
import { plainText } from '../../../ui/plain-text.ts';
import { Button } from '../../parts/button.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Loading, PageHead } from '../../parts/page-head.tsx';
import { useConsole, useResources } from '../../state/console.ts';
import { BackLink } from './back-link.tsx';
import { ConnectionView } from './connection-view.tsx';
import { DeleteConnection } from './delete-connection.tsx';
import { SERVER_TYPES } from './kinds.ts';
import { ALL_CONNECTIONS } from './links.ts';

export function FurtherConnection({ id }: { id: string }) {
  const { serverSettings, connections } = useConsole();
  const resource = serverSettings(id);
  useResources(resource, connections);
  const [isDeleting, setDeleting] = useState(false);
  const known = resource.value.value;
  const failure = resource.failure.value;
  const row = connections.value.value?.find(candidate => candidate.id === id);
  const isGone = failure?.kind === 'refused' && failure.status === 404;
  const name = known?.settings?.name ?? row?.name ?? 'Connection';
  return (
    <>
      <BackLink />
      <PageHead
        title={plainText(name)}
        action={known && !isGone && <Button onPress={() => setDeleting(true)}>Delete connection</Button>}
      >
        {known?.settings && SERVER_TYPES[known.settings.serverType]}
      </PageHead>
      {isGone ? (
        <Notice tone="warn" action={<a href={ALL_CONNECTIONS}>Show the others</a>} isAnswer>
          There is no such connection; it may have been deleted meanwhile.
        </Notice>
      ) : known ? (
        <ConnectionView known={known} />
      ) : (
        <Loading failure={failure} onRetry={resource.refresh} />
      )}
      {isDeleting && (
        <DeleteConnection
          row={{ id, name, rooms: row?.rooms ?? 0 }}
          onClose={() => setDeleting(false)}
          onDeleted={() => {
            window.location.hash = ALL_CONNECTIONS;
          }}
        />
      )}
    </>
  );
}
