import { useState } from 'preact/hooks';
import { Notice } from '../../parts/notice.tsx';
import { groupCode } from './code.ts';
import { Words } from './words.tsx';

/** Code and words large, to be held against the glass. `verb`: what one is about to do. */
export function Compare({ code, words, verb }: { code: string; words: readonly string[]; verb: string }) {
  const [first] = useState(code);
  return (
    <>
      <div class="compare">
        <div>
          <p class="soft small">Code</p>
          <p class="code">{groupCode(code)}</p>
        </div>
        <div>
          <p class="soft small">The words on the panel read</p>
          <Words words={words} />
        </div>
        <p class="small">{verb} only if both match the glass. If the words differ, somebody is in between.</p>
      </div>
      {code !== first && (
        <Notice tone="warn" isAnswer>
          The panel has a new code by now: compare again.
        </Notice>
      )}
    </>
  );
}
