import { Foreign } from '../../parts/text.tsx';

/** The four words that also stand on the glass. */
export const Words = ({ words }: { words: readonly string[] }) => (
  <p class="words">
    <span class="sr-only">Words on the panel: </span>
    {words.map((word, index) => (
      <span key={index}>
        <Foreign text={word} />{' '}
      </span>
    ))}
  </p>
);
