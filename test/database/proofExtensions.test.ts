import { expect } from "chai";
import { getAddress, hexlify } from "ethers";
import fc from "fast-check";
import {
  decodeProofHeader,
  encodeProofHeader,
  PROOF_EXTENSION,
  ProofMalformed,
  proofExtension,
  RECORD_EXTENSION,
  readProofExtension,
  readRecordExtension,
  recordExtension,
} from "../../database/proofExtensions.js";

const word = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => hexlify(bytes));
const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => getAddress(hexlify(bytes)));
const record = fc.record({
  header: fc.oneof(
    word,
    fc.record({
      chainId: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
      registry: address,
      patient: address,
      doctor: fc.integer({ min: 0, max: 2 ** 24 - 1 }),
      institution: fc.integer({ min: 0, max: 2 ** 16 - 1 }),
      recordedAt: fc.integer({ min: 0, max: 2 ** 40 - 1 }),
      dataClass: fc.integer({ min: 0, max: 255 }),
      salt: word,
    }),
  ),
  sectionsRoot: word,
});
const section = fc.record({
  path: fc.constantFrom("Observation/s0", "CarePlan/s17"),
  kind: fc.constantFrom(0 as const, 1 as const),
  salt: word,
  proof: fc.array(word, { maxLength: 14 }),
});

describe("the proofs that travel with sections", () => {
  it("come back as they were sent, in a Bundle and in a header", () => {
    fc.assert(
      fc.property(record, section, (ofRecord, ofSection) => {
        const inBundle: unknown = JSON.parse(JSON.stringify([recordExtension(ofRecord), proofExtension(ofSection)]));
        expect(readRecordExtension(inBundle)).to.deep.equal(ofRecord);
        expect(readProofExtension(inBundle)).to.deep.equal(ofSection);
        expect(decodeProofHeader(encodeProofHeader(ofRecord, ofSection))).to.deep.equal({ ...ofRecord, ...ofSection });
      }),
      { numRuns: 50 },
    );
  });

  it("are refused when they are missing, doubled or malformed", () => {
    const parts = (url: string, ...names: string[]) => ({
      url,
      extension: names.map((name) => ({ url: name, valueString: "x" })),
    });
    const broken = [undefined, null, 7, [], [parts(PROOF_EXTENSION)], [parts(PROOF_EXTENSION, "path", "leaf", "salt")]];
    for (const extensions of broken) expect(() => readProofExtension(extensions)).to.throw(ProofMalformed);
    const twice = [parts(RECORD_EXTENSION, "salt"), parts(RECORD_EXTENSION, "salt")];
    for (const extensions of [undefined, [], twice, [parts(RECORD_EXTENSION, "chainId", "doctor")]]) {
      expect(() => readRecordExtension(extensions)).to.throw(ProofMalformed);
    }
    for (const header of [null, "", "e30", "!!!", "bnVsbA"]) {
      expect(() => decodeProofHeader(header)).to.throw(ProofMalformed);
    }
  });
});
