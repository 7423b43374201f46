/**
 * The nonces this process hands out for DPoP proofs (RFC 9449 section 8), and the proofs it has seen under each. A nonce
 * is what makes a proof fresh, so that a panel with a dead clock can still speak. It is random and of this process only:
 * after a restart, or on another instance, no old proof counts.
 */
import type { Clock } from '../../contract/values/clock.ts';
import { between, type Duration, type Instant, minutes } from '../../contract/values/time.ts';
import { hashOf, newSecret } from '../random.ts';

export type NonceRules = { life: Duration; mostProofs: number };
export type ProofSeen = 'fresh' | 'replayed' | 'nonce-unknown';

type Page = { nonce: string; opened: Instant; proofs: Set<string> };

/** A nonce is accepted for one to two lives. */
const RULES: NonceRules = { life: minutes(2), mostProofs: 100_000 };

export class NonceBook {
  readonly #clock: Clock;
  readonly #rules: NonceRules;
  #current: Page;
  #previous: Page | null = null;

  constructor(clock: Clock, rules: NonceRules = RULES) {
    this.#clock = clock;
    this.#rules = rules;
    this.#current = this.#newPage();
  }

  /** The nonce to send along with an answer. */
  current(): string {
    this.#turn();
    return this.#current.nonce;
  }

  isKnown(nonce: string): boolean {
    this.#turn();
    return nonce === this.#current.nonce || nonce === this.#previous?.nonce;
  }

  /** Notes a proof whose signature was found good. Memory is bounded: a full page makes its nonce old, not its proofs. */
  note(nonce: string, panel: string, jti: string): ProofSeen {
    this.#turn();
    const page = [this.#current, this.#previous].find(known => known?.nonce === nonce);
    if (!page) return 'nonce-unknown';
    const proof = hashOf(`${panel} ${jti}`).slice(0, 32);
    if (page.proofs.has(proof)) return 'replayed';
    page.proofs.add(proof);
    if (page === this.#current && page.proofs.size >= this.#rules.mostProofs) this.#open();
    return 'fresh';
  }

  #turn() {
    const age = between(this.#current.opened, this.#clock.now());
    // A clock that steps back must not keep a nonce alive.
    if (age < 0 || age >= 2 * this.#rules.life) this.#current = this.#newPage();
    else if (age >= this.#rules.life) return this.#open();
    else return;
    this.#previous = null;
  }

  #open() {
    this.#previous = this.#current;
    this.#current = this.#newPage();
  }

  #newPage(): Page {
    return { nonce: newSecret(), opened: this.#clock.now(), proofs: new Set() };
  }
}
