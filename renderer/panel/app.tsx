import type { Screen } from '../../src/contract/bridge/view.ts';
import { Dimmer } from './look/dimmer.tsx';
import { Identify } from './look/identify.tsx';
import { RootLook } from './look/root-look.tsx';
import { type PanelContext, PanelProvider, usePanel } from './panel-context.ts';
import { RoomScreen } from './room/room-screen.tsx';
import { ServicePage } from './service/service-page.tsx';
import { ChooseRoom } from './setup/choose-room.tsx';
import { FindCentral } from './setup/find-central.tsx';
import { Conflict, Revoked, VersionUnsupported } from './setup/notices.tsx';
import { Pairing } from './setup/pairing.tsx';
import { Starting } from './setup/starting.tsx';

export function App({ panel }: { panel: PanelContext }) {
  return (
    <PanelProvider value={panel}>
      <RootLook />
      <CurrentScreen />
      <Dimmer />
      <Identify />
    </PanelProvider>
  );
}

function CurrentScreen() {
  const { model } = usePanel();
  const view = model.view.value;
  if (model.isBroken.value) return <Starting why="restarting" />;
  if (!view) return <Starting why={model.isSilent.value ? 'silent' : 'starting'} />;
  const service = model.service.value;
  return service ? <ServicePage service={service} /> : <ScreenOf screen={view.screen} />;
}

function ScreenOf({ screen }: { screen: Screen }) {
  switch (screen.kind) {
    case 'starting':
      return <Starting why="starting" />;
    case 'find-central':
      return <FindCentral screen={screen} />;
    case 'pairing':
      return <Pairing screen={screen} />;
    case 'choose-room':
      return <ChooseRoom screen={screen} />;
    case 'room':
      return <RoomScreen view={screen.view} />;
    case 'identity-conflict':
      return <Conflict screen={screen} />;
    case 'revoked':
      return <Revoked screen={screen} />;
    case 'version-unsupported':
      return <VersionUnsupported screen={screen} />;
  }
}
