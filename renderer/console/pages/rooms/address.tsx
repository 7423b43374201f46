import { plainText } from '../../../ui/plain-text.ts';

/** Breaks behind the @ rather than in the middle of a name. */
export function Address({ text }: { text: string }) {
  const [local = '', domain = ''] = plainText(text).split(/@(?=[^@]*$)/);
  return (
    <bdi>
      {local}@<wbr />
      {domain}
    </bdi>
  );
}
