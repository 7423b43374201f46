import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../parts/button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { csvOf, fileNameOf, saveFile } from '../../parts/save-file.ts';
import { useConsole } from '../../state/console.ts';
import { keys } from '../../words.ts';
import { KeySheet } from './key-sheet.tsx';
import { useSheet } from './use-sheet.ts';

/** not yet -> printed (maybe: the browser does not say) -> kept */
type Kept = 'not-yet' | 'printed' | 'kept';

/** The new keys in clear, this once: to copy, to save, to print. */
export function MadeKeys({ made, note, onDone }: { made: readonly string[]; note: string; onDone: () => void }) {
  const { router, clock, format, now } = useConsole();
  const title = useRef<HTMLHeadingElement>(null);
  const [kept, setKept] = useState<Kept>('not-yet');
  const [day] = useState(() => format.dateTime(now.value));
  const print = useSheet(() => <KeySheet keys={made} note={note} made={day} />);
  useLayoutEffect(() => title.current?.focus(), []);
  useEffect(() => {
    if (kept === 'kept') return;
    const once = 'They are shown this once. Central keeps only their first and last characters.';
    const leaving =
      kept === 'printed'
        ? { title: 'Did the sheet come out well?', text: once, leave: 'Yes, leave', stay: 'No, stay here' }
        : { title: 'Leave without copying the keys?', text: once, leave: 'Leave', stay: 'Stay here' };
    router.guard.value = () => ({ ...leaving, discard: onDone });
    return () => {
      router.guard.value = null;
    };
  }, [kept]);

  function save() {
    const name = ['lintel-keys', fileNameOf(note)].filter(Boolean).join('-');
    const rows = made.map(key => [key, note]);
    saveFile(clock, `${name}.csv`, 'text/csv', `\uFEFF${csvOf([['licence key', 'note'], ...rows])}`);
    setKept('kept');
  }
  return (
    <section class="card made-keys" aria-labelledby="made-keys">
      <h2 id="made-keys" ref={title} tabIndex={-1}>
        {keys(made.length)} created
      </h2>
      <p>They are shown this once. Copy, download or print them now.</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: five hundred keys scroll, and the keyboard must be able to. */}
      <ol class="key-list" tabIndex={0} aria-label="The new keys">
        {made.map(key => (
          <li key={key}>
            <code>{key}</code>
            <CopyButton
              text={key}
              look="quiet"
              label={`Copy ${key}`}
              onCopied={() => made.length === 1 && setKept('kept')}
            >
              Copy
            </CopyButton>
          </li>
        ))}
      </ol>
      <div class="buttons">
        <CopyButton text={made.join('\n')} look="primary" onCopied={() => setKept('kept')}>
          Copy all
        </CopyButton>
        <Button icon="download" onPress={save}>
          Download CSV
        </Button>
        <Button
          icon="print"
          onPress={() => {
            print();
            setKept(kept === 'kept' ? 'kept' : 'printed');
          }}
        >
          Print with QR codes
        </Button>
        <Button onPress={() => router.askBefore(onDone)}>Done</Button>
      </div>
    </section>
  );
}
