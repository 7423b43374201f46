import { usePanel } from '../panel-context.ts';
import { ServiceSpot } from '../service/service-spot.tsx';
import { Wordmark } from './sheet.tsx';

/** `restarting`: what the agent said could not be understood, so it is being started anew. `silent`: it says nothing. */
export function Starting({ why }: { why: 'starting' | 'restarting' | 'silent' }) {
  const { text } = usePanel();
  return (
    <main class="starting" data-screen={why}>
      <ServiceSpot>
        <Wordmark />
      </ServiceSpot>
      <p role="status">{why === 'starting' ? text.starting.title : text.starting[why]}</p>
    </main>
  );
}
