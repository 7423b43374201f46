/** One setting: its control, what it means, where its value comes from, and the way back to what is inherited. */
import type { PolicyScope } from '../../../../src/contract/values/policy-cascade.ts';
import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { Foreign } from '../../parts/text.tsx';
import type { Setting } from './fields.tsx';
import { hrefOfScope } from './scope.ts';

type RowProps = {
  setting: Setting;
  value: unknown;
  /** Set here; otherwise inherited. */
  isOwn: boolean;
  inherited: unknown;
  /** Where the inherited value comes from; null: the default. */
  inheritedFrom: PolicyScope | null;
  nameOf: (scope: PolicyScope) => string;
  error: string | undefined;
  onChange: (value: unknown) => void;
  onReset: () => void;
};

export function SettingRow(props: RowProps) {
  const { setting, value, isOwn, inherited, inheritedFrom, nameOf, error, onChange, onReset } = props;
  return (
    <div class={isOwn ? 'setting setting-own' : 'setting'}>
      <Field label={setting.label} hint={setting.meaning} error={error}>
        {ids => setting.control(ids, value, onChange)}
      </Field>
      <div class="origin">
        {isOwn ? (
          <>
            <span class="origin-own">Set here</span>
            <Button look="quiet" onPress={onReset} label={`Reset to ${setting.words(inherited)}: ${setting.label}`}>
              Reset to {setting.words(inherited)}
            </Button>
          </>
        ) : inheritedFrom === null ? (
          <span class="soft">Default</span>
        ) : (
          <span class="soft">
            From{' '}
            <a href={hrefOfScope(inheritedFrom)}>
              <Foreign text={nameOf(inheritedFrom)} />
            </a>
          </span>
        )}
      </div>
    </div>
  );
}
