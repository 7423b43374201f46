/** The agent's view and the page's intents over IPC. */
import { type IpcMainEvent, ipcMain } from 'electron';
import type { Log } from '../../agent/ports.ts';
import type { AgentPort } from '../../contract/bridge/bridge.ts';
import type { View } from '../../contract/bridge/view.ts';
import type { Clock, Stop } from '../../contract/values/clock.ts';
import { seconds } from '../../contract/values/time.ts';
import { isTrustedSender, parseIntent } from '../guards.ts';
import { CHANNELS } from './channels.ts';
import type { PanelWindow } from './window.ts';

const BEAT_EVERY = seconds(5);

export function connectBridge(agent: AgentPort, panelWindow: PanelWindow, clock: Clock, log: Log): Stop {
  let stopTimer: Stop = () => {};
  let isWatching = false;
  let isHung = false;

  function tellOfPage() {
    agent.glass(isWatching && !isHung);
  }
  function send(channel: string, text: string) {
    panelWindow.current()?.webContents.send(channel, text);
  }
  function sendView(view: View) {
    send(CHANNELS.view, JSON.stringify(view));
  }
  function beat() {
    send(CHANNELS.beat, '');
    stopTimer = clock.after(BEAT_EVERY, beat);
  }
  function isOurs(event: IpcMainEvent): boolean {
    const ours = panelWindow.current()?.webContents;
    const isTrusted = isTrustedSender({
      isOurWindow: ours !== undefined && event.sender === ours,
      isMainFrame: ours !== undefined && event.senderFrame === ours.mainFrame,
      senderUrl: event.senderFrame?.url ?? null,
    });
    if (!isTrusted) log.error('ipc-from-stranger');
    return isTrusted;
  }
  function onWatch(event: IpcMainEvent) {
    if (!isOurs(event)) return;
    isWatching = true;
    tellOfPage();
    sendView(agent.view());
  }
  function onIntent(event: IpcMainEvent, payload: unknown) {
    if (!isOurs(event)) return;
    const intent = parseIntent(payload);
    if (intent === null) log.error('intent-does-not-parse');
    else agent.intend(intent);
  }

  ipcMain.on(CHANNELS.watch, onWatch);
  ipcMain.on(CHANNELS.intent, onIntent);
  const unsubscribe = agent.subscribe(sendView);
  panelWindow.onPage(news => {
    isHung = news === 'hung';
    if (news === 'gone') isWatching = false;
    tellOfPage();
  });
  beat();
  return () => {
    agent.glass(false);
    unsubscribe();
    stopTimer();
    ipcMain.removeListener(CHANNELS.watch, onWatch);
    ipcMain.removeListener(CHANNELS.intent, onIntent);
  };
}
