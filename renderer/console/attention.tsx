import type { Overview } from '../../src/contract/wire/console.ts';
import { alertWords } from './alerts.tsx';
import { SetUpBar } from './pages/set-up/bar.tsx';
import { Notice } from './parts/notice.tsx';
import type { Page } from './state/route.ts';
import { count } from './words.ts';

/** More than these fold up: whoever came to do something else must still see the page. */
const SHOWN = 3;

/** What is wrong elsewhere, with the one click that leads to the mend. A page tells of its own troubles itself. */
export function Attention({ page, overview }: { page: Page; overview: Overview | null }) {
  const told = (overview?.alerts ?? [])
    .map(alert => ({ alert, ...alertWords(alert) }))
    .filter(({ home }) => home !== page);
  const notices = told.map(({ alert, tone, text, link, label }) => (
    <Notice key={`${alert.kind} ${alert.connection} ${alert.subject}`} tone={tone} action={<a href={link}>{label}</a>}>
      {text}
    </Notice>
  ));
  const folded = notices.slice(SHOWN);
  return (
    <>
      <SetUpBar page={page} />
      {notices.length > 0 && (
        <section class="attention" aria-label="What needs attention">
          {notices.slice(0, SHOWN)}
          {folded.length > 0 && (
            <details class="attention-more">
              <summary>{count(folded.length, { one: '# more', other: '# more' })}</summary>
              {folded}
            </details>
          )}
        </section>
      )}
    </>
  );
}
