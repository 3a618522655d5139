import type { Signer } from "ethers";
import { isHexString } from "ethers";
import { checksummed } from "../../../src/accounts/index.js";
import { requireSignedBy, signTyped, type TypedDomain, type TypedStatement } from "../../../src/eip712.js";

/** Where a validator's node listens. */
export interface PeerRecord {
  /** Checksummed address of the validator. */
  readonly validator: string;
  /** `http://127.0.0.1:` and the port. */
  readonly url: string;
  /** When it was signed, in milliseconds since 1970: a later record takes the place of an earlier one. */
  readonly since: number;
}

export interface SignedPeerRecord extends PeerRecord {
  readonly signature: string;
}

/** The JSON is no record that a validator signed. */
export class PeerRecordInvalid extends Error {
  override readonly name = "PeerRecordInvalid";

  constructor(reason: string, options?: ErrorOptions) {
    super(`This does not say where a validator listens: ${reason}. Have its node say it again.`, options);
  }
}

const statement: TypedStatement<PeerRecord> = {
  primaryType: "Peer",
  types: {
    Peer: [
      { name: "validator", type: "address" },
      { name: "url", type: "string" },
      { name: "since", type: "uint64" },
    ],
  },
};

/** Says where a validator's node listens. */
export async function signPeerRecord(signer: Signer, domain: TypedDomain, url: string): Promise<SignedPeerRecord> {
  const record = { validator: await signer.getAddress(), url, since: Date.now() };
  return { ...record, signature: await signTyped(signer, domain, statement, record) };
}

/**
 * A record from JSON that nobody has checked; its validator has signed it.
 *
 * @param json what `JSON.parse` gave.
 * @throws {PeerRecordInvalid}
 */
export function readPeerRecord(json: unknown, domain: TypedDomain): SignedPeerRecord {
  const fields = typeof json === "object" && json !== null ? (json as Readonly<Record<string, unknown>>) : {};
  const { url, since, signature } = fields;
  // Nodes ask whom they find here, so nothing outside this machine may get in.
  if (typeof url !== "string" || !/^http:\/\/127\.0\.0\.1:\d{1,5}$/.test(url)) {
    throw new PeerRecordInvalid("its url is not one of 127.0.0.1");
  }
  if (typeof since !== "number" || !Number.isSafeInteger(since) || since < 0) {
    throw new PeerRecordInvalid("its time is no whole number");
  }
  if (!isHexString(signature, 65)) throw new PeerRecordInvalid("its signature is not 65 bytes in hex");
  try {
    const record = { validator: checksummed(String(fields.validator), "validator"), url, since };
    requireSignedBy(record.validator, domain, statement, record, signature);
    return { ...record, signature };
  } catch (cause) {
    throw new PeerRecordInvalid("its validator did not sign it", { cause });
  }
}
