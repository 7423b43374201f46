/** The demo tenant of the fake central. */
import * as v from 'valibot';
import { DemoAction, DemoSwitch } from '../../../src/contract/wire/console.ts';
import { livelyDemo, noDemo } from '../fixtures/demo.ts';
import type { Part } from './part.ts';

export function mountDemo({ api, office, tell, clock }: Part): void {
  api.get('/demo', c => c.json(office().demo));
  api.put('/demo', async c => {
    const { isOn } = v.parse(DemoSwitch, await c.req.json());
    office().demo = (isOn ? livelyDemo(clock.now()) : noDemo()).demo;
    tell('demo');
    return c.json(office().demo);
  });
  api.post('/demo/act', async c => {
    const action = v.parse(DemoAction, await c.req.json());
    const { demo } = office();
    if (demo.kind === 'on' && action.kind === 'fault') office().demo = { ...demo, fault: action.fault };
    if (demo.kind === 'on' && action.kind === 'unplug-central') {
      office().demo = { ...demo, isCentralUnplugged: action.isUnplugged };
    }
    tell('demo');
    return c.body(null, 204);
  });
}
