import { Loading, PageHead } from '../../parts/page-head.tsx';
import { useConsole, useResources } from '../../state/console.ts';
import { History } from './history.tsx';
import { findScope, scopesOf } from './scope.ts';
import { Settings } from './settings.tsx';

type GeneralSettingsPageProps = { scope: string | null; view: 'settings' | 'history' };

export function GeneralSettingsPage({ scope: key, view }: GeneralSettingsPageProps) {
  const { policies, rooms } = useConsole();
  useResources(policies, rooms);
  const known = policies.value.value;
  const all = rooms.value.value;
  if (!known || !all) {
    const { failure, refresh } = known ? rooms : policies;
    return (
      <div class="page">
        <PageHead title="General Settings" />
        <Loading failure={failure.value} onRetry={refresh} />
      </div>
    );
  }
  const choices = scopesOf(all, known.layers);
  const scope = findScope(choices, key);
  return (
    <div class="page">
      <PageHead title="General Settings">
        How panels look and behave. What is set for all rooms can be set otherwise for a building, a floor or a room.
      </PageHead>
      <nav class="tabs" aria-label="General settings">
        <a
          class={view === 'settings' ? 'tab tab-on' : 'tab'}
          href="#/general-settings"
          aria-current={view === 'settings' ? 'page' : undefined}
        >
          Settings
        </a>
        <a
          class={view === 'history' ? 'tab tab-on' : 'tab'}
          href="#/general-settings/history"
          aria-current={view === 'history' ? 'page' : undefined}
        >
          History
        </a>
      </nav>
      {view === 'history' ? (
        <History rooms={all} />
      ) : scope === null ? (
        <p class="nothing" role="status">
          That building, floor or room is not known. <a href="#/general-settings">Show the settings for all rooms</a>
        </p>
      ) : (
        <Settings
          key={choices.find(choice => choice.scope === scope)?.option.value}
          known={known}
          rooms={all}
          scope={scope}
          choices={choices}
        />
      )}
    </div>
  );
}
