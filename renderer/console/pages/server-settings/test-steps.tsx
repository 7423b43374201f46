/** What the test of a connection found, step by step, and what to do at the one that failed. */
import type { ConnectionTest } from '../../../../src/contract/wire/console.ts';
import { Notice } from '../../parts/notice.tsx';
import { Ago, Foreign, State } from '../../parts/text.tsx';
import { useConsole } from '../../state/console.ts';
import { adviceOnTest, detailWords, STEPS } from './test-words.ts';

export function TestSteps({ test }: { test: ConnectionTest }) {
  const { format } = useConsole();
  const failed = adviceOnTest(test);
  return (
    <div class="test-result">
      {failed ? (
        <Notice tone="bad" title={failed.failed} isAnswer>
          {failed.mend}
        </Notice>
      ) : (
        <Notice tone="good" isAnswer>
          Everything works.
        </Notice>
      )}
      <ol class="test-steps">
        {STEPS.map(({ step, label }) => {
          const tried = test.steps.find(candidate => candidate.step === step);
          return (
            <li key={step}>
              <span class={tried ? undefined : 'soft'}>{label}</span>
              {tried ? (
                <State tone={tried.isOk ? 'good' : 'bad'}>{tried.isOk ? 'Works' : 'Failed'}</State>
              ) : (
                <State tone="off">Not tried</State>
              )}
              {tried && (
                <span class="soft small test-detail">
                  <Foreign text={detailWords(tried, format.dateTime)} />
                  <span class="no-wrap"> · {tookWords(tried.took)}</span>
                </span>
              )}
            </li>
          );
        })}
      </ol>
      <p class="soft small">
        Tested <Ago at={test.at} />
      </p>
    </div>
  );
}

/** `took` is in milliseconds. */
const tookWords = (took: number) => (took < 1000 ? `${Math.round(took)} ms` : `${(took / 1000).toFixed(1)} s`);
