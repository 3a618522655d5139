import { type Actor, type RecordHeader, type Signing, signRecord, type World } from "../fixture.js";

/** The states of a record. */
export const State = { None: 0n, Asserted: 1n, Repudiated: 2n, Accepted: 3n, Superseded: 4n } as const;

/** The state of a record. */
export const stateOf = async (world: World, id: string) => (await world.recordRegistry.describe(id)).state;

/** Sends a record, with good signatures unless `signing` says otherwise. */
export async function send(world: World, header: RecordHeader, signing: Signing = {}) {
  const signatures = await signRecord(world, header, signing);
  return world.recordRegistry
    .connect(signing.institution ?? world.hospital)
    .register(header, header.doctor, signatures);
}

/** The states of a certificate that let nobody act, and the error that says so. */
export const unfit = {
  suspended: {
    error: "AccountSuspended",
    make: (world: World, wallet: Actor) => world.accountCenter.connect(world.registrar).suspend(wallet, 0),
  },
  revoked: {
    error: "AccountRevoked",
    make: (world: World, wallet: Actor) => world.accountCenter.connect(world.registrar).revoke(wallet, 0),
  },
} as const;
