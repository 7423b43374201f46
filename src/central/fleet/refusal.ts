/** An expected no. `message` is for a person; `code` goes over the wire. */
export type Refusal = { kind: 'refused'; code: string; message: string };

export const refused = (code: string, message: string): Refusal => ({ kind: 'refused', code, message });
