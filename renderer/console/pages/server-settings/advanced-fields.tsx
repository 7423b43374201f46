import { Field } from '../../parts/field.tsx';
import type { FormPartProps } from './form-part.ts';

export const Advanced = ({ fields, errors, onChange }: FormPartProps) => (
  <details class="card advanced" open={errors.extraCa !== undefined || undefined}>
    <summary>
      Advanced{' '}
      <span class="soft">{fields.extraCa === '' ? 'private CA certificates' : 'private CA certificates are set'}</span>
    </summary>
    <Field
      label="Private CA certificates"
      isOptional
      error={errors.extraCa}
      hint="PEM, one below the other. Trusted beside the system's own by central and the panels: needed where a proxy inspects TLS or the provider has a certificate of your own."
    >
      {({ id, describedBy, isInvalid }) => (
        <textarea
          id={id}
          name="extraCa"
          class="input input-code"
          rows={7}
          spellcheck={false}
          placeholder="-----BEGIN CERTIFICATE-----"
          value={fields.extraCa}
          aria-invalid={isInvalid}
          aria-describedby={describedBy}
          onInput={event => onChange({ extraCa: event.currentTarget.value })}
        />
      )}
    </Field>
  </details>
);
