/** New keys on paper: to be cut up and handed to whoever hangs up the panels. */
import { Foreign } from '../../parts/text.tsx';
import { Qr } from './qr.tsx';

/** Two columns of five: fits A4 and US Letter. */
const A_PAGE = 10;

type KeySheetProps = { keys: readonly string[]; note: string; made: string };

export function KeySheet({ keys, note, made }: KeySheetProps) {
  const pages = Array.from({ length: Math.ceil(keys.length / A_PAGE) }, (_, n) =>
    keys.slice(n * A_PAGE, (n + 1) * A_PAGE),
  );
  return (
    <>
      {pages.map((page, n) => (
        <section class="sheet-page" key={n}>
          <header class="sheet-head">
            <strong>Lintel licence keys</strong>
            <span class="sheet-about">
              <Foreign text={note} />
            </span>
            <span>
              {made} · page {n + 1} of {pages.length}
            </span>
          </header>
          <ol class="sheet-keys">
            {page.map((key, place) => (
              <li key={key}>
                <Qr text={key} />
                <div class="sheet-key">
                  <span class="sheet-number">
                    {n * A_PAGE + place + 1} of {keys.length}
                  </span>
                  <code>{inLines(key)}</code>
                  {note && (
                    <span class="sheet-note">
                      <Foreign text={note} />
                    </span>
                  )}
                  <span class="sheet-room">Room</span>
                </div>
              </li>
            ))}
          </ol>
        </section>
      ))}
    </>
  );
}

/** Three groups, then two: read aloud and typed a line at a time. */
function inLines(key: string) {
  const groups = key.split('-');
  return [groups.slice(0, 3), groups.slice(3)].map((line, n) => (
    <span key={n}>
      {line.join('-')}
      {n === 0 && groups.length > 3 ? '-' : ''}
    </span>
  ));
}
