import { useEffect, useState } from 'preact/hooks';
import type { ConnectionRow, ConnectionTest } from '../../../../src/contract/wire/console.ts';
import { plainText } from '../../../ui/plain-text.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { FailureNotice } from '../../parts/notice.tsx';
import { useRequest } from '../../parts/use-request.ts';
import { useConsole } from '../../state/console.ts';
import { hrefOfConnection } from './links.ts';
import { TestSteps } from './test-steps.tsx';

/** Tests one connection of the table, at once. */
export function TestDialog({ row, onClose }: { row: ConnectionRow; onClose: () => void }) {
  const { api } = useConsole();
  const request = useRequest();
  const [test, setTest] = useState<ConnectionTest | null>(null);
  function run() {
    setTest(null);
    void request.run(() => api.testConnection(row.id), setTest);
  }
  useEffect(run, []);
  return (
    <Dialog title={`Test ${plainText(row.name)}`} onClose={onClose}>
      <div class="dialog-body">
        {request.isBusy && (
          <p class="soft" role="status">
            Testing, this can take a minute…
          </p>
        )}
        {request.failure && <FailureNotice failure={request.failure} />}
        {test && <TestSteps test={test} />}
      </div>
      <footer class="dialog-foot">
        <a class="button button-plain" href={hrefOfConnection(row.id)} onClick={onClose}>
          Edit
        </a>
        <Button isBusy={request.isBusy} onPress={run}>
          Test again
        </Button>
        <Button look="primary" onPress={onClose}>
          Close
        </Button>
      </footer>
    </Dialog>
  );
}
