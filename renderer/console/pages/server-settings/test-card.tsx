import { useState } from 'preact/hooks';
import type { ConnectionTest } from '../../../../src/contract/wire/console.ts';
import { Button } from '../../parts/button.tsx';
import { FailureNotice } from '../../parts/notice.tsx';
import { useRequest } from '../../parts/use-request.ts';
import { useConsole } from '../../state/console.ts';
import { TestSteps } from './test-steps.tsx';

type TestCardProps = { connection: string; isSaved: boolean; isDirty: boolean };

/** Runs the whole way a panel goes, once, with what is saved. */
export function TestCard({ connection, isSaved, isDirty }: TestCardProps) {
  const { api } = useConsole();
  const request = useRequest();
  const [test, setTest] = useState<ConnectionTest | null>(null);
  return (
    <section class="card token" aria-labelledby="test-title">
      <h2 id="test-title">Test connection</h2>
      {!test && !request.failure && (
        <p class="soft">Tries the whole way a panel goes, from the sign-in to a room’s calendar.</p>
      )}
      {request.failure && <FailureNotice failure={request.failure} />}
      {test && <TestSteps test={test} />}
      {isDirty && <p class="soft small">What is not saved yet is not tested.</p>}
      <div class="buttons buttons-column">
        <Button
          isBusy={request.isBusy}
          isDisabled={!isSaved}
          onPress={() => {
            setTest(null);
            void request.run(() => api.testConnection(connection), setTest);
          }}
        >
          Test connection
        </Button>
      </div>
      {request.isBusy && (
        <p class="soft small" role="status">
          Testing, this can take a minute…
        </p>
      )}
    </section>
  );
}
