import { expect } from "chai";
import { InvalidStoreSecret, StoreDamaged, StoreLocked } from "../../../src/accounts/store/errors.js";
import { checkSecret, newKeyHeader, type StoreSecret, unlockKeys } from "../../../src/accounts/store/key.js";

const key = new Uint8Array(32).fill(7);

describe("checkSecret", () => {
  it("takes passphrases from 12 characters on, and keys of 32 bytes", () => {
    expect(() => checkSecret({ passphrase: "twelve chars" })).not.to.throw();
    expect(() => checkSecret({ key })).not.to.throw();
  });

  it("refuses shorter ones, and none", () => {
    expect(() => checkSecret({ passphrase: "eleven char" })).to.throw(InvalidStoreSecret);
    expect(() => checkSecret({ key: key.subarray(1) })).to.throw(InvalidStoreSecret);
    expect(() => checkSecret({} as StoreSecret)).to.throw(InvalidStoreSecret);
  });
});

describe("unlockKeys", () => {
  it("gives the same two keys for the same key, and fresh ones for each store", () => {
    const header = newKeyHeader({ key });
    const keys = unlockKeys({ key }, header);
    expect(unlockKeys({ key }, header)).to.deep.equal(keys);
    expect(keys.sealing).to.have.lengthOf(32).and.not.deep.equal(keys.index);
    expect(unlockKeys({ key }, newKeyHeader({ key })).sealing).not.to.deep.equal(keys.sealing);
  });

  it("takes a passphrase typed in another Unicode form for the same", () => {
    const header = newKeyHeader({ passphrase: "sch\u00f6ne gr\u00fc\u00dfe" });
    expect(() => unlockKeys({ passphrase: "scho\u0308ne gru\u0308\u00dfe" }, header)).not.to.throw();
    expect(() => unlockKeys({ passphrase: "schone gru\u00dfe" }, header)).to.throw(StoreLocked);
    expect(() => unlockKeys({ key }, header)).to.throw(StoreLocked);
  });

  it("stays locked to another key, and to a passphrase where a key is due", () => {
    const header = newKeyHeader({ key });
    expect(() => unlockKeys({ key: new Uint8Array(32) }, header)).to.throw(StoreLocked);
    expect(() => unlockKeys({ passphrase: "twelve chars" }, header)).to.throw(StoreLocked);
  });

  it("does not follow parameters that would exhaust the memory", () => {
    const header = { ...newKeyHeader({ key }), salt: key, cost: 2 ** 30, blockSize: 8, parallelization: 1 };
    expect(() => unlockKeys({ passphrase: "twelve chars" }, header)).to.throw(StoreDamaged);
  });
});
