/** A config from central, parsed whole; one that this version cannot use is refused with its reason. */
import * as v from 'valibot';
import { ConfigVersion, PanelConfig } from '../contract/values/config.ts';

export type ReadConfig =
  | { kind: 'config'; config: PanelConfig }
  /** `version`: null when not even that can be read. `why` names the field and holds nothing of its value. */
  | { kind: 'unusable'; version: ConfigVersion | null; why: string };

export function readConfig(json: unknown): ReadConfig {
  const parsed = v.safeParse(PanelConfig, json);
  if (parsed.success) return { kind: 'config', config: parsed.output };
  const [issue] = parsed.issues;
  const numbered = v.safeParse(v.looseObject({ version: ConfigVersion }), json);
  return {
    kind: 'unusable',
    version: numbered.success ? numbered.output.version : null,
    why: `${v.getDotPath(issue) ?? 'config'}: ${issue.message.replace(/ but received .*$/s, '')}`.slice(0, 200),
  };
}
