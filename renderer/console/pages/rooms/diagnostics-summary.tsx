import type { Diagnostics } from '../../../../src/contract/wire/console.ts';
import { Foreign, When } from '../../parts/text.tsx';

/** The first lines of what a panel told, for a look before the file is opened. */
export function DiagnosticsSummary({ diagnostics }: { diagnostics: Diagnostics }) {
  const lines = summaryOf(diagnostics.text);
  return (
    <div class="diagnostics" role="status">
      <p>
        Downloaded, as of <When at={diagnostics.at} />.
      </p>
      {lines.length > 0 && (
        <dl class="facts small">
          {lines.map(({ name, value }) => [
            <dt key={`${name}-name`}>
              <Foreign text={name} />
            </dt>,
            <dd key={name}>
              <Foreign text={value} />
            </dd>,
          ])}
        </dl>
      )}
    </div>
  );
}

const MOST = 14;

/**
 * What can be said in a line each, down to the second level; the panel's version decides what there is. Nothing for a
 * text that is no JSON object: the file is there all the same.
 */
export function summaryOf(text: string): { name: string; value: string }[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return [];
  }
  return linesOf(parsed, '', 2).slice(0, MOST);
}

function linesOf(value: unknown, name: string, depth: number): { name: string; value: string }[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) {
    const isPlain = value.every(each => typeof each !== 'object');
    return value.length > 0 && isPlain ? [{ name, value: value.map(String).join(', ') }] : [];
  }
  if (typeof value !== 'object') return name === '' ? [] : [{ name, value: String(value) }];
  if (depth === 0) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    linesOf(inner, name ? `${name}, ${spaced(key)}` : spaced(key), depth - 1),
  );
}

/** `clockOffsetMs`: `clock offset ms`. */
const spaced = (key: string) => key.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
