import { plainText } from '../../ui/plain-text.ts';
import { usePanel } from '../panel-context.ts';

/** From here on the name is set smaller, on several lines. */
const LONG_NAME = 14;

/** An admin looks for this panel: its name over the whole glass, in a frame that flashes once a second. */
export function Identify() {
  const { model } = usePanel();
  const wanted = model.identify.value;
  if (wanted === null) return null;
  const name = plainText(wanted.name);
  return (
    <div class="identify" role="alert" data-testid="identify">
      <div class="identify-flash" />
      <div class="identify-words">
        <p class="identify-name outside" data-long={name.length > LONG_NAME} style={{ '--letters': name.length }}>
          {name}
        </p>
        {wanted.detail !== null && <p class="identify-detail outside">{plainText(wanted.detail)}</p>}
      </div>
    </div>
  );
}
