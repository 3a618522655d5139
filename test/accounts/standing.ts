import type { Actor, World } from "../fixture.js";

/** Some reasons of RFC 5280 to end a certificate. */
export const Reason = { Unspecified: 0, KeyCompromise: 1, PrivilegeWithdrawn: 7 } as const;

/** The states of a certificate. */
export const Status = { None: 0n, Active: 1n, Suspended: 2n, Revoked: 3n } as const;

/** An account, field by field, from the layout that the interface draws. */
export function unpack(account: bigint) {
  return {
    role: Number(account & 0xffn),
    status: (account >> 8n) & 0xffn,
    institution: (account >> 16n) & 0xffffn,
    number: (account >> 32n) & 0xffffffn,
    expiresAt: Number(account >> 56n),
  };
}

/** The state of a wallet's certificate. */
export const statusOf = async (world: World, wallet: Actor) =>
  unpack(await world.accountCenter.accounts(wallet)).status;
