import { plainText } from '../../ui/plain-text.ts';
import { useLook, usePanel } from '../panel-context.ts';

/** Whose panel it is and whom to call, small, in the corner of the room's screen. */
export function Foot() {
  const logo = useLook('logo');
  const helpContact = useLook('helpContact');
  if (logo === null && helpContact === null) return null;
  return (
    <footer class="foot">
      <Help />
      {logo !== null && <img class="logo" src={logo} alt="" draggable={false} data-testid="logo" />}
    </footer>
  );
}

export function Help() {
  const { text } = usePanel();
  const contact = useLook('helpContact');
  if (contact === null) return null;
  return (
    <p class="help outside" data-testid="help">
      {text.help(plainText(contact))}
    </p>
  );
}
