/** What a certified wallet is in the consortium, one code each. The same codes stand in `contracts/accounts/`. */
export const Role = {
  None: 0,
  Patient: 1,
  Doctor: 2,
  Institution: 3,
  Researcher: 4,
  Company: 5,
  Auditor: 6,
  Insurer: 7,
  Bank: 8,
} as const;

export type RoleName = keyof typeof Role;
export type RoleCode = (typeof Role)[RoleName];

/** A role that a certificate can give: every role but `None`. */
export type CertifiedRole = Exclude<RoleCode, typeof Role.None>;

/** A role whose holder keeps one stable wallet: every certified role but `Patient`. */
export type ProfessionalRole = Exclude<CertifiedRole, typeof Role.Patient>;

/** The code is not a role, or not one that fits here. */
export class InvalidRole extends Error {
  override readonly name = "InvalidRole";

  constructor(role: number | bigint, accepted: string) {
    super(`Role ${role} does not fit here: use ${accepted} (the codes are in Role).`);
  }
}

/**
 * The name of a role, for people to read.
 *
 * @param code 0 to 8; a bigint as contracts return it is fine.
 * @throws {InvalidRole} if no role has that code.
 */
export function roleName(code: number | bigint): RoleName {
  const names = Object.keys(Role) as RoleName[];
  const name = names.find((candidate) => Role[candidate] === Number(code));
  if (name === undefined) throw new InvalidRole(code, "a role from 0 (None) to 8 (Bank)");
  return name;
}

/** Whether a certificate can give the role `code`: 1 (Patient) to 8 (Bank). */
export function isCertifiedRole(code: number): code is CertifiedRole {
  return Number.isInteger(code) && code >= Role.Patient && code <= Role.Bank;
}

/** Whether `code` is the role of a professional or an institution: 2 (Doctor) to 8 (Bank). */
export function isProfessionalRole(code: number): code is ProfessionalRole {
  return isCertifiedRole(code) && code !== Role.Patient;
}
