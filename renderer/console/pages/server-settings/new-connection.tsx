/** One more connection. */

import { DEFAULT_CONNECTION } from '../../../../src/contract/wire/console.ts';
import { Loading, PageHead } from '../../parts/page-head.tsx';
import { useConsole, useResources } from '../../state/console.ts';
import { BackLink } from './back-link.tsx';
import { NEW_CONNECTION } from './draft.ts';
import { hrefOfConnection } from './links.ts';
import { SettingsForm } from './settings-form.tsx';
import { useForm } from './use-form.ts';

export function NewConnection() {
  const { api, serverSettings, connections, overview } = useConsole();
  // The redirect URI is the same for all.
  const other = serverSettings(DEFAULT_CONNECTION);
  useResources(other);
  const form = useForm(NEW_CONNECTION, null, api.newConnection, ({ id }) => {
    connections.refresh();
    overview.refresh();
    window.location.hash = hrefOfConnection(id);
  });
  const redirectUri = other.value.value?.redirectUri;
  return (
    <>
      <BackLink />
      <PageHead title="Add a connection">
        A second tenant or another server. Rooms belong to exactly one connection; those you have stay where they are.
      </PageHead>
      {redirectUri === undefined ? (
        <Loading failure={other.failure.value} onRetry={other.refresh} />
      ) : (
        <div class="settings settings-lone">
          <SettingsForm
            form={form}
            stored={null}
            redirectUri={redirectUri}
            served={null}
            verb="Add connection"
            busyWords="Adding…"
            answered={() => null}
          />
        </div>
      )}
    </>
  );
}
