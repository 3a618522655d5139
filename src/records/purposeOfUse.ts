/**
 * The codes of HL7 v3 PurposeOfUse (http://terminology.hl7.org/CodeSystem/v3-ActReason) that a consent can name; the value is the code's bit.
 * `contracts/records/PurposeOfUse.sol` knows the same table.
 */
export const PurposeOfUse = {
  TREAT: 0,
  ETREAT: 1,
  CAREMGT: 2,
  COC: 3,
  PATRQT: 4,
  FAMRQT: 5,
  PWATRNY: 6,
  SUPNWK: 7,
  HRESCH: 8,
  CLINTRCH: 9,
  DSRCH: 10,
  BIORCH: 11,
  PUBHLTH: 12,
  HPAYMT: 13,
  CLMATTCH: 14,
  COVERAGE: 15,
  HOPERAT: 16,
  HQUALIMP: 17,
  HCOMPL: 18,
  HLEGAL: 19,
  HMARKT: 20,
  TRAIN: 21,
  FRAUD: 22,
  HSYSADMIN: 23,
} as const;

export type PurposeOfUseCode = keyof typeof PurposeOfUse;

/** The code system of {@link PurposeOfUse}. */
export const purposeOfUseSystem = "http://terminology.hl7.org/CodeSystem/v3-ActReason";

/** Whether `code` is a purpose that a consent can name. */
export function isPurposeOfUse(code: string): code is PurposeOfUseCode {
  return Object.hasOwn(PurposeOfUse, code);
}

/** The bits of several purposes, as a consent's `purposes` takes them. */
export function purposeBits(...codes: PurposeOfUseCode[]): number {
  return codes.reduce((bits, code) => (bits | (1 << PurposeOfUse[code])) >>> 0, 0);
}
