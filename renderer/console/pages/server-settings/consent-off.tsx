/** Turning it off: consent is withdrawn where it was given; what can be done here is to delete the token. */
import { useState } from 'preact/hooks';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { useConsole } from '../../state/console.ts';
import { DeleteToken } from './delete-token.tsx';

type ConsentOffProps = { connection: string; hasToken: boolean; onClose: () => void };

export function ConsentOff({ connection, hasToken, onClose }: ConsentOffProps) {
  const { serverSettings, overview, connections } = useConsole();
  const [isDeleting, setDeleting] = useState(false);
  if (isDeleting) {
    return (
      <DeleteToken
        connection={connection}
        onDeleted={token => {
          const resource = serverSettings(connection);
          if (resource.value.value) resource.value.value = { ...resource.value.value, token };
          overview.refresh();
          connections.refresh();
          onClose();
        }}
        onClose={onClose}
      />
    );
  }
  return (
    <Dialog title="Turn off for the whole organisation" onClose={onClose}>
      <div class="dialog-body prose">
        <p>Consent is withdrawn where it was given, by an administrator in Entra’s admin centre:</p>
        <ol class="steps-plain">
          <li>Identity, Applications, Enterprise applications: open this app.</li>
          <li>Security, Permissions: revoke what is granted there.</li>
          <li>To keep everybody out for good: Properties, Enabled for users to sign in: No.</li>
        </ol>
        <p>
          Tokens that were issued before go on working for up to an hour. Delete the access token as well, and the
          panels lose their access within a second.
        </p>
      </div>
      <footer class="dialog-foot">
        <Button onPress={onClose}>Close</Button>
        <Button look="danger" isDisabled={!hasToken} onPress={() => setDeleting(true)}>
          Delete Access Token
        </Button>
      </footer>
    </Dialog>
  );
}
