/** What the console tells the panel preview it shows in a frame: one message, of the same origin, whenever it changes. */
import * as v from 'valibot';
import { Policy } from './policy.ts';

export const PreviewMessage = v.object({
  kind: v.literal('lintel-preview'),
  policy: Policy,
  roomName: v.string(),
  scene: v.picklist(['free', 'starting-soon', 'check-in', 'in-meeting', 'stale', 'night']),
});
export type PreviewMessage = v.InferOutput<typeof PreviewMessage>;
