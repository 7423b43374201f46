import type { PanelOfRoom } from '../../../../src/contract/wire/console.ts';
import { Ago, Foreign } from '../../parts/text.tsx';

/** Which version of its settings a panel runs, and if it is not the newest, why. */
export function ConfigLine({ panel }: { panel: PanelOfRoom }) {
  const { configVersion, targetVersion, targetSince, configRefused, isOnline } = panel;
  if (configRefused) {
    return (
      <span class="config-refused">
        Refused settings version {configRefused.version}: <Foreign text={configRefused.why} />{' '}
        <a href="#/general-settings/history">History</a>
      </span>
    );
  }
  if (configVersion === targetVersion) return <span class="soft">Settings version {configVersion}</span>;
  if (!isOnline) return <span class="soft">Gets settings version {targetVersion} when it is back</span>;
  return (
    <span class="soft">
      Settings version {targetVersion} is on its way
      {targetSince !== null && (
        <>
          {' '}
          since <Ago at={targetSince} />
        </>
      )}
      {configVersion !== null && <>, runs {configVersion}</>}
    </span>
  );
}
