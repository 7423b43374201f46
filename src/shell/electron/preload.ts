/** All that the page can reach outside its sandbox: three functions that pass strings. */
import { contextBridge, ipcRenderer } from 'electron';
import type { Bridge } from '../../contract/bridge/bridge.ts';
import { CHANNELS } from './channels.ts';

/** Main beats every 5 s; three missed beats are silence. */
const SILENT_AFTER = 15_000;

const views = new Set<(json: string) => void>();
const silences = new Set<(isSilent: boolean) => void>();
let timer: ReturnType<typeof setTimeout> | undefined;

function heard() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    for (const listener of silences) listener(true);
  }, SILENT_AFTER);
  for (const listener of silences) listener(false);
}

ipcRenderer.on(CHANNELS.beat, heard);
ipcRenderer.on(CHANNELS.view, (_event, json: unknown) => {
  if (typeof json !== 'string') return;
  heard();
  for (const listener of views) listener(json);
});

const bridge: Bridge = {
  onView(listener) {
    views.add(listener);
    ipcRenderer.send(CHANNELS.watch);
    return () => views.delete(listener);
  },
  onSilence(listener) {
    silences.add(listener);
    return () => silences.delete(listener);
  },
  send(json) {
    ipcRenderer.send(CHANNELS.intent, String(json));
  },
};
contextBridge.exposeInMainWorld('lintel', bridge);
