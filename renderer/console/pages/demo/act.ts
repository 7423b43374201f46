import type { DemoAction } from '../../../../src/contract/wire/console.ts';

export type Act = (action: DemoAction) => Promise<void>;
