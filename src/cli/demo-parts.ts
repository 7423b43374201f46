/** What a running demo is made of, as its programs say when they are ready. */
import * as v from 'valibot';

export const TenantReady = v.object({
  graph: v.string(),
  authority: v.string(),
  tenantId: v.string(),
  clientId: v.string(),
  clientSecret: v.string(),
  caFile: v.string(),
  room: v.string(),
  username: v.string(),
  password: v.string(),
  control: v.string(),
});
export type TenantReady = v.InferOutput<typeof TenantReady>;
export const PanelReady = v.object({ panel: v.nullable(v.string()), window: v.string() });

/** What the DEMO page needs of it; sent to central by `lintel demo`, which runs central, tenant and panel beside one another. */
export const DemoParts = v.object({
  kind: v.literal('demo-parts'),
  /** The tenant's control page, without `/api`. */
  control: v.string(),
  tenantCa: v.string(),
  room: v.string(),
  panel: v.nullable(v.string()),
  zone: v.string(),
});
export type DemoParts = v.InferOutput<typeof DemoParts>;
