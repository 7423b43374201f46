/** A little reference of Entra's error numbers, for one that was read off somebody's screen. */
import { useState } from 'preact/hooks';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Filter } from '../../parts/filter.tsx';
import { makeSearch } from '../../parts/search.ts';
import { AADSTS, type Advice } from './aadsts.ts';

type Entry = Advice & { number: string };
const ALL: readonly Entry[] = Object.entries(AADSTS).map(([number, advice]) => ({ number, ...advice }));
const search = makeSearch<Entry>(({ number, cause, mend }) => [`AADSTS${number} ${number}`, cause, mend]);

export function ErrorCodes() {
  const [isOpen, setOpen] = useState(false);
  return (
    <div class="code-reference">
      <Button look="quiet" icon="search" onPress={() => setOpen(true)}>
        Error codes of the sign-in
      </Button>
      {isOpen && <Reference onClose={() => setOpen(false)} />}
    </div>
  );
}

function Reference({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState('');
  const found = search(ALL, typed);
  return (
    <Dialog title="Error codes of the sign-in" onClose={onClose} isWide>
      <div class="dialog-body">
        <Filter label="Number or words" name="error-code" typed={typed} onType={setTyped} />
        {found.length === 0 && (
          <p class="soft" role="status">
            Not in this list. Microsoft explains every number at login.microsoftonline.com/error.
          </p>
        )}
        {/* A list that scrolls must be reachable by keyboard. */}
        <dl class="code-list" tabIndex={0} aria-label="Error codes">
          {found.map(({ number, cause, mend }) => (
            <div key={number}>
              <dt>
                <code>AADSTS{number}</code>
              </dt>
              <dd>
                <strong>{cause}</strong> {mend}
              </dd>
            </div>
          ))}
        </dl>
      </div>
      <footer class="dialog-foot">
        <Button onPress={onClose}>Close</Button>
      </footer>
    </Dialog>
  );
}
