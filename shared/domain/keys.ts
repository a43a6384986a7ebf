/**
 * An exact key under which a record may be found: `kind` names the field (`externalData.ctc`, `job_number`, `phone`,
 * `email`), `value` is its normalised text. Numbers of two systems are compared only through a configured key pair.
 */
export interface ExactKey {
  readonly kind: string;
  readonly value: string;
}
