import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { csvOf, saveFile } from '../../parts/save-file.ts';
import { ROLL_OUT_EXPORT_URL } from '../../state/api.ts';
import { useConsole } from '../../state/console.ts';
import { ImportCard } from './import-card.tsx';
import { Registrations } from './registrations.tsx';

export const COLUMNS = ['mac', 'room', 'licence key', 'code'];

/** Many panels at once: registered by a file before they hang, so that each needs no more than a look. */
export function RollOut() {
  const { clock } = useConsole();
  return (
    <>
      <div class="buttons">
        <Button
          icon="download"
          onPress={() => saveFile(clock, 'lintel-roll-out.csv', 'text/csv', `\uFEFF${csvOf([COLUMNS])}`)}
        >
          Download a template
        </Button>
        <a class="button button-plain" href={ROLL_OUT_EXPORT_URL} download="lintel-panels.csv">
          <Icon name="download" />
          Export panels and registrations
        </a>
      </div>
      <ImportCard />
      <Registrations />
    </>
  );
}
