import { useState } from 'preact/hooks';
import type { RollOutAnswer, RollOutRow } from '../../../../src/contract/wire/console.ts';
import { None } from '../../parts/facts.tsx';
import { Filter } from '../../parts/filter.tsx';
import { makeSearch } from '../../parts/search.ts';
import { ShowMore, useFirst } from '../../parts/show-more.tsx';
import { Foreign, State, type StateTone } from '../../parts/text.tsx';
import { count } from '../../words.ts';

type Verdict = RollOutRow['verdict'];
type Say = { tone: StateTone; dry: string; done: string };
const VERDICTS: Record<Verdict, Say> = {
  pairs: { tone: 'good', dry: 'Pairs at once', done: 'Paired' },
  registers: { tone: 'good', dry: 'Registers', done: 'Registered' },
  unchanged: { tone: 'off', dry: 'Already so', done: 'Already so' },
  refused: { tone: 'bad', dry: 'Refused', done: 'Refused' },
};
const search = makeSearch<RollOutRow>(({ mac, room, message }) => [mac, mac.replaceAll(':', ''), room, message]);
const STEP = 50;

export const isDoable = ({ verdict }: RollOutRow) => verdict === 'pairs' || verdict === 'registers';

/** Each line of the file and what becomes of it; with problems, those first. */
export function Verdicts({ answer }: { answer: RollOutAnswer }) {
  const problems = answer.rows.filter(row => row.verdict === 'refused');
  const [show, setShow] = useState<'all' | 'problems'>(problems.length > 0 ? 'problems' : 'all');
  const [typed, setTyped] = useState('');
  const found = search(show === 'all' ? answer.rows : problems, typed);
  const { shown, more } = useFirst(found, STEP, `${show} ${typed}`);
  if (answer.rows.length === 0) return null;
  return (
    <>
      <Filter
        label="Find a line"
        name="find-line"
        typed={typed}
        onType={setTyped}
        tabs={[
          { value: 'problems', label: 'Only problems', count: problems.length },
          { value: 'all', label: 'All', count: answer.rows.length },
        ]}
        tab={show}
        onTab={setShow}
      />
      {found.length === 0 ? (
        <p class="nothing" role="status">
          {show === 'problems' && typed === '' ? 'No line has a problem.' : 'No line fits.'}
        </p>
      ) : (
        <div class="table-box">
          <table class="table table-verdicts">
            <caption class="sr-only">Lines of the file</caption>
            <thead>
              <tr>
                <th scope="col" class="number">
                  Line
                </th>
                <th scope="col">MAC</th>
                <th scope="col" class="wide-only">
                  Room
                </th>
                <th scope="col">What happens</th>
              </tr>
            </thead>
            <tbody>
              {shown.map(row => (
                <Row key={row.line} row={row} isDryRun={answer.isDryRun} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <ShowMore {...more} what={n => count(n, { one: '# line', other: '# lines' })} />
    </>
  );
}

function Row({ row, isDryRun }: { row: RollOutRow; isDryRun: boolean }) {
  const { tone, dry, done } = VERDICTS[row.verdict];
  return (
    <tr>
      <td class="number">{row.line}</td>
      <th scope="row">
        {row.mac.trim() === '' ? (
          <>
            <None />
            <span class="sr-only">no MAC</span>
          </>
        ) : (
          <code>
            <Foreign text={row.mac} />
          </code>
        )}
        <div class="narrow-only row-more">
          <Foreign text={row.room} />
        </div>
      </th>
      <td class="wide-only">
        <Foreign text={row.room} />
      </td>
      <td>
        <State tone={tone}>{isDryRun ? dry : done}</State>
        {row.message !== '' && (
          <div class="row-more">
            <Foreign text={row.message} />
          </div>
        )}
      </td>
    </tr>
  );
}
