import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { RollOutAnswer } from '../../../../src/contract/wire/console.ts';
import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { FailureNotice, Notice } from '../../parts/notice.tsx';
import { PickFile } from '../../parts/pick-file.tsx';
import { useRequest } from '../../parts/use-request.ts';
import { useConsole } from '../../state/console.ts';
import { count, panels } from '../../words.ts';
import { isDoable, Verdicts } from './verdicts.tsx';

/** The contract's limit. */
const LONGEST = 2_000_000;
const EXAMPLE = 'mac,room,licence key,code\n00:1b:21:3c:9d:10,aurora@example.com,,';
export const lines = (n: number) => count(n, { one: '# line', other: '# lines' });

/** empty -> checking -> checked(what would happen) -> importing -> imported(what happened); typing starts over. */
export function ImportCard() {
  const { api, freeMacs, registrations, rooms, licenceKeys, overview } = useConsole();
  const [csv, setCsv] = useState('');
  const [isAsked, setAsked] = useState(false);
  const [answer, setAnswer] = useState<RollOutAnswer | null>(null);
  const { isBusy, failure, run, forget } = useRequest();
  const area = useRef<HTMLTextAreaElement>(null);
  const outcome = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => outcome.current?.focus(), [answer]);
  const mistake =
    csv.trim() === ''
      ? 'Choose a file, or paste its text here'
      : csv.length > LONGEST
        ? 'Too long: split the file in parts of at most two million characters'
        : null;

  function change(text: string) {
    setCsv(text);
    setAnswer(null);
    forget();
  }
  function check() {
    setAsked(true);
    if (mistake) {
      area.current?.focus();
      return;
    }
    void run(() => api.importRollOut(csv, true), setAnswer);
  }
  function importRows() {
    void run(
      () => api.importRollOut(csv, false),
      done => {
        setAnswer(done);
        for (const resource of [freeMacs, registrations, rooms, licenceKeys, overview]) resource.refresh();
      },
    );
  }
  return (
    <section class="card import" aria-labelledby="import">
      <h2 id="import">Register panels by a file</h2>
      <p>
        A line for each panel: its MAC address, the room's name or address, and a licence key, or nothing for any free
        one. When a registered panel shows up, somebody compares its code and confirms it. With its code in the file it
        is paired at once.
      </p>
      <Field label="CSV text" error={isAsked && mistake ? mistake : undefined}>
        {({ id, describedBy, isInvalid }) => (
          <textarea
            ref={area}
            id={id}
            name="csv"
            class="input input-code"
            rows={6}
            spellcheck={false}
            placeholder={EXAMPLE}
            value={csv}
            aria-invalid={isInvalid}
            aria-describedby={describedBy}
            onInput={event => change(event.currentTarget.value)}
          />
        )}
      </Field>
      <div class="buttons">
        <PickFile accept=".csv,text/csv,text/plain" icon="upload" onFile={file => void file.text().then(change)}>
          Choose a file
        </PickFile>
        <Button look={answer ? 'plain' : 'primary'} isBusy={isBusy && !answer} onPress={check}>
          Check
        </Button>
        <span class="soft small">Checking changes nothing.</span>
      </div>
      {failure && <FailureNotice failure={failure} />}
      {answer && (
        <div class="import-outcome">
          <h3 tabIndex={-1} ref={outcome}>
            {answer.isDryRun ? `What would happen with ${lines(answer.rows.length)}` : 'Imported'}
          </h3>
          <Outcome answer={answer} />
          <Verdicts answer={answer} />
          <div class="buttons">
            {answer.isDryRun ? (
              <Button look="primary" isBusy={isBusy} isDisabled={!answer.rows.some(isDoable)} onPress={importRows}>
                Import {lines(answer.rows.filter(isDoable).length)}
              </Button>
            ) : (
              <Button onPress={() => change('')}>Import another file</Button>
            )}
          </div>
        </div>
      )}
    </section>
  );
}

function Outcome({ answer }: { answer: RollOutAnswer }) {
  const { isDryRun, paired, registered, refused } = answer;
  const unchanged = answer.rows.filter(row => row.verdict === 'unchanged').length;
  const parts = [
    paired > 0 && `${panels(paired)} ${isDryRun ? 'would be paired' : 'paired'}`,
    registered > 0 && `${panels(registered)} ${isDryRun ? 'would be registered' : 'registered'}`,
    unchanged > 0 && `${lines(unchanged)} already so`,
  ].filter(part => part !== false);
  return (
    <>
      {parts.length > 0 && <Notice tone={isDryRun ? 'info' : 'good'}>{parts.join(', ')}.</Notice>}
      {refused > 0 && (
        <Notice tone="warn">
          {lines(refused)} {isDryRun ? 'would be' : count(refused, { one: 'was', other: 'were' })} refused: the reason
          stands beside {count(refused, { one: 'it', other: 'each' })}.
        </Notice>
      )}
      {answer.rows.length === 0 && <Notice tone="warn">There is no line below the heading.</Notice>}
    </>
  );
}
