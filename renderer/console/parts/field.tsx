import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { Icon } from './icon.tsx';

/** What ties an input to its label, hint and error. */
export type FieldIds = { id: string; describedBy: string | undefined; isInvalid: boolean };

type FieldProps = {
  label: string;
  hint?: ComponentChildren;
  error?: string | undefined;
  isOptional?: boolean;
  children: (ids: FieldIds) => ComponentChildren;
};

export function Field({ label, hint, error, isOptional = false, children }: FieldProps) {
  const id = useId();
  const describedBy = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ') || undefined;
  return (
    <div class={error ? 'field field-invalid' : 'field'}>
      <label class="field-label" for={id}>
        {label}
        {isOptional && <span class="soft"> (optional)</span>}
      </label>
      {children({ id, describedBy, isInvalid: error !== undefined })}
      {error && (
        <p class="field-error" id={`${id}-error`}>
          <Icon name="warning" />
          {error}
        </p>
      )}
      {hint && (
        <div class="field-hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
    </div>
  );
}

type TextFieldProps = Omit<FieldProps, 'children'> & {
  name: string;
  value: string;
  onInput: (value: string) => void;
  isSecret?: boolean;
  isCode?: boolean;
  placeholder?: string;
  autocomplete?: 'off' | 'username' | 'current-password' | 'new-password';
};

export function TextField(props: TextFieldProps) {
  const { name, value, onInput, isSecret = false, isCode = false, placeholder, autocomplete = 'off', ...field } = props;
  const [isShown, setShown] = useState(false);
  return (
    <Field {...field}>
      {({ id, describedBy, isInvalid }) => (
        <div class="input-box">
          <input
            id={id}
            name={name}
            class={`input${isCode ? ' input-code' : ''}${isSecret ? ' input-with-button' : ''}`}
            {...(isSecret && !isShown ? { type: 'password' as const } : { type: 'text' as const })}
            value={value}
            placeholder={placeholder ?? ''}
            autocomplete={autocomplete}
            autocapitalize="none"
            spellcheck={false}
            aria-invalid={isInvalid}
            aria-describedby={describedBy}
            onInput={event => onInput(event.currentTarget.value)}
          />
          {isSecret && value !== '' && (
            <button
              type="button"
              class="icon-button"
              aria-label={`Show ${field.label.toLowerCase()}`}
              aria-pressed={isShown}
              onClick={() => setShown(!isShown)}
            >
              <Icon name="eye" />
            </button>
          )}
        </div>
      )}
    </Field>
  );
}
